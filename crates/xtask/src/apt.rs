use std::process::Command;

use crate::step::{self, Outcome};

/// Whether this is a Debian or an Ubuntu.
pub(crate) fn is_there() -> bool {
    step::succeeds(Command::new("apt-get").arg("--version"))
}

/// Installs packages without starting any service of theirs.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    let mut script = as_root("sh")?;
    script.args(["-c", include_str!("apt.sh"), "apt.sh"]).args(packages);
    step::run(&format!("apt installs {}, starting no service", packages.join(" ")), &mut script)
}

/// A command with the rights to install: sudo must not ask for a password.
pub(crate) fn as_root(program: &str) -> Result<Command, String> {
    if step::succeeds(Command::new("sh").args(["-c", r#"[ "$(id -u)" = 0 ]"#])) {
        return Ok(Command::new(program));
    }
    if step::succeeds(Command::new("sudo").args(["-n", "true"])) {
        let mut command = Command::new("sudo");
        command.args(["-n", program]);
        return Ok(command);
    }
    Err("apt: installing needs root, or a sudo that asks for no password".to_owned())
}
