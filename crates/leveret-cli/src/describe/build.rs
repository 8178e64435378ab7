use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde::Deserialize;

use super::{
    package::{Package, cargo},
    program::Program,
};
use crate::{exit::Failure, out::complain_at_length};

/// What is needed of a line that `cargo build` writes.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerMessage {
        manifest_path: PathBuf,
        message: Message,
    },
    CompilerArtifact {
        manifest_path: PathBuf,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Message {
    level: String,
    #[serde(default)]
    rendered: String,
}

/// Builds the program where the package is built, and tells where it is. What cargo says on the way goes to standard
/// error.
pub(super) fn build(package: &Package, program: &Program) -> Result<PathBuf, Failure> {
    let manifest = program.manifest_path();
    // Cargo's own settings and the toolchain are looked up from the user's folder.
    let mut cargo = cargo();
    cargo.current_dir(&package.folder).args(["build", "--message-format", "json"]);
    cargo.arg("--manifest-path").arg(&manifest).arg("--target-dir").arg(&package.target);
    let output = cargo.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot run cargo: {error}"))?;
    let lines = String::from_utf8_lossy(&output.stdout);
    let mut executable = None;
    let mut mistakes = (0_u32, 0_u32); // in our program, in what it needs
    for line in lines.lines().filter_map(|line| serde_json::from_str(line).ok()) {
        match line {
            Line::CompilerArtifact { manifest_path, executable: Some(path) } if manifest_path == manifest => {
                executable = Some(path);
            }
            Line::CompilerMessage { manifest_path, message } if message.level == "error" => {
                complain_at_length(&message.rendered);
                if manifest_path == manifest { mistakes.0 += 1 } else { mistakes.1 += 1 }
            }
            _ => {}
        }
    }
    match (executable.filter(|_| output.status.success()), mistakes) {
        (Some(executable), _) => Ok(executable),
        (None, (1.., 0)) => Err(no_function(package, &program.function).into()),
        (None, (_, 1..)) => Err(format!("`{}` does not compile: see above", package.name).into()),
        (None, (0, 0)) => Err(format!("cargo cannot build `{}`: see above", package.name).into()),
    }
}

/// The library compiles, and the call into it does not.
fn no_function(package: &Package, function: &str) -> String {
    let (name, library) = (&package.name, &package.library);
    let inner = function.rsplit("::").next().unwrap_or(function);
    format!(
        "`{name}` has no public function `{function}` that returns a catalogue: write `pub fn {inner}() -> \
         leveret::contracts::Catalogue` there, with leveret's feature `contracts`, or name yours as --function \
         {library}::path::to::it"
    )
}

/// Runs the program, which writes to `answer`.
pub(super) fn run(executable: &Path, answer: &Path, program: &Program) -> Result<(), Failure> {
    let status = Command::new(executable).arg(answer).stdout(Stdio::null()).status();
    let status = status.map_err(|error| format!("cannot run {}: {error}", executable.display()))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` did not come to its end ({status}): see above", program.function).into())
}
