use std::{
    process::{Command, Stdio},
    time::Duration,
};

/// Runs its arguments, then prints the processor time of itself and, in the second line, of what it ran.
const TIMED: &str = r#""$@" >&2 && times"#;

/// The processor time, user's and system's, of a command and all that it runs. It depends less than the time on the
/// clock on what else the machine does.
///
/// # Errors
/// What the command said, if it fails.
pub(super) fn of(command: &Command) -> Result<Duration, String> {
    let mut shell = Command::new("sh");
    shell.args(["-c", TIMED, "sh"]).arg(command.get_program()).args(command.get_args()).stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        shell.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let output = shell.output().map_err(|error| format!("sh: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    of_children(&printed).ok_or_else(|| format!("sh does not print times as expected: {printed:?}"))
}

/// The sum of the second line of `times`: `0m1.250000s 0m0.310000s`.
fn of_children(printed: &str) -> Option<Duration> {
    printed.lines().nth(1)?.split_whitespace().map(time).sum()
}

fn time(word: &str) -> Option<Duration> {
    let (minutes, seconds) = word.strip_suffix('s')?.split_once('m')?;
    let (minutes, seconds): (u32, f64) = (minutes.parse().ok()?, seconds.parse().ok()?);
    Duration::try_from_secs_f64(f64::from(minutes) * 60.0 + seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let dash = "0m0.000000s 0m0.010000s\n1m1.250000s 0m0.250000s\n";
        assert_eq!(of_children(dash), Some(Duration::from_millis(61_500)));
        assert_eq!(of_children("0m0.000s 0m0.000s\n0m0.006s 0m0.001s\n"), Some(Duration::from_millis(7)));
        assert_eq!(of_children("0m0.000s 0m0.000s"), None);
        assert_eq!(of_children("a\nb c"), None);
    }
}
