use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{step, workspace};

const IMAGE: &str = "rabbitmq:4";

/// Writes `rabbitmq-server` and `rabbitmqctl` as scripts that run RabbitMQ's in a container, on the host's network and
/// in its temporary folder. The container ends with the script; a signal that freezes the script does not freeze it,
/// so the tests that freeze a broker fail with it. Not tried by the project's own CI.
pub(super) fn install() -> Result<PathBuf, String> {
    if !step::succeeds(Command::new("docker").args(["info", "--format", "{{.ID}}"])) {
        return Err("Docker: no engine answers".to_owned());
    }
    step::run(&format!("docker pulls {IMAGE}"), Command::new("docker").args(["pull", "--quiet", IMAGE]))?;
    let folder = workspace::target().join("rabbitmq-docker").join("bin");
    write(&folder).map_err(|error| format!("Docker: {} cannot be written: {error}", folder.display()))?;
    step::announce("RabbitMQ runs in a container: the tests that freeze a broker will fail");
    Ok(folder)
}

fn write(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // The fixture gives a broker a home of its own, where Docker would miss its settings.
    let config = env::var_os("DOCKER_CONFIG")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".docker")))
        .unwrap_or_default();
    let script = include_str!("docker.sh")
        .replace("@DOCKER_CONFIG@", &config.display().to_string())
        .replace("@TEMPORARY@", &env::temp_dir().display().to_string())
        .replace("@IMAGE@", IMAGE);
    for name in ["rabbitmq-server", "rabbitmqctl"] {
        let path = folder.join(name);
        fs::write(&path, &script)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
