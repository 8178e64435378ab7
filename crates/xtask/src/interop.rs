use std::{path::PathBuf, process::Command};

use crate::{
    apt,
    step::{self, Outcome},
    workspace,
};

/// Names the Python that has PikaBus, for the interop suite.
pub(crate) const VARIABLE: &str = "LEVERET_INTEROP_PYTHON";

const VERSION: &str = "2.0.1";

/// The Python of a virtual environment with PikaBus; made on the first call.
///
/// # Errors
/// The reason why there is none, which leaves out the interop suite and nothing else.
pub(crate) fn provide() -> Result<PathBuf, String> {
    let folder = workspace::target().join("interop-venv");
    let python = folder.join("bin").join("python");
    let check =
        format!("import importlib.metadata as m, PikaBus; assert m.version('PikaBus') == '{VERSION}'");
    if step::succeeds(Command::new(&python).args(["-c", &check])) {
        return Ok(python);
    }
    provide_python()?;
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&folder);
    step::run("a Python virtual environment in target/interop-venv", &mut venv)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .arg(format!("PikaBus=={VERSION}"));
    step::run(&format!("PikaBus {VERSION} from PyPI into it"), &mut pip)?;
    Ok(python)
}

/// Debian has Python without the parts that make virtual environments.
fn provide_python() -> Outcome {
    let complete = || step::succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    if complete() {
        return Ok(());
    }
    if !apt::is_there() {
        return Err("python3 with venv and ensurepip is missing; install it and call again".to_owned());
    }
    apt::install(&["python3", "python3-venv"])?;
    if complete() { Ok(()) } else { Err("python3 cannot make virtual environments".to_owned()) }
}
