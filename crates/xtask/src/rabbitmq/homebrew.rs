use std::{path::PathBuf, process::Command};

use super::found;
use crate::step;

/// Installs Homebrew's formula, which starts nothing by itself.
pub(super) fn install() -> Result<PathBuf, String> {
    if !step::succeeds(Command::new("brew").arg("--version")) {
        return Err("Homebrew: `brew` is not here".to_owned());
    }
    step::run("brew installs rabbitmq", Command::new("brew").args(["install", "rabbitmq"]))?;
    found()
}
