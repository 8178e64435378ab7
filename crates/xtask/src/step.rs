use std::process::{Command, Stdio};

/// How a command of ours ends: the reason names the step that failed.
pub(crate) type Outcome = Result<(), String>;

/// Says in one line what comes next.
pub(crate) fn announce(what: &str) {
    eprintln!("xtask: {what}");
}

/// Announces a step and runs its command, without standard input.
pub(crate) fn run(what: &str, command: &mut Command) -> Outcome {
    announce(what);
    let status = command.stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(error) => Err(format!("{what}: {:?} did not start: {error}", command.get_program())),
    }
}

/// Whether a command runs and succeeds, whatever it prints.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
