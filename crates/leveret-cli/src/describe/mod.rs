//! What a package says on the wire: its [`Description`], which the package itself must say, since only the compiler
//! knows its contracts.
//!
//! ```text
//! package      which package is meant
//! program      a throw-away program that writes its description: pure
//! build        cargo, and what it complains of
//! ```

mod build;
mod package;
mod program;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use leveret::contracts::Description;

use self::{package::Package, program::Program};
use crate::{args::Source, exit::Failure};

/// What a package says on the wire, and where the package is.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) description: Description,
    /// The folder of the package; without a package the current one.
    pub(crate) folder: PathBuf,
}

/// Reads the description that is given, or asks the package for it.
///
/// # Errors
/// A sentence that says what to write, where the package has no library, no such function, or does not compile.
pub(crate) fn describe(source: &Source) -> Result<Described, Failure> {
    match &source.description {
        Some(file) => Ok(Described { description: read(file)?, folder: PathBuf::from(".") }),
        None => {
            let package = Package::find(source)?;
            let description = ask(&package, source)?;
            Ok(Described { description, folder: package.folder })
        }
    }
}

fn read(file: &Path) -> Result<Description, Failure> {
    let text =
        if file == Path::new("-") { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    let shown = file.display();
    let text = text.map_err(|error| format!("cannot read {shown}: {error}"))?;
    let description = serde_json::from_str(&text);
    Ok(description.map_err(|error| {
        format!("{shown} is no description: {error}; `Description::to_json` of leveret::contracts writes one")
    })?)
}

fn ask(package: &Package, source: &Source) -> Result<Description, Failure> {
    let program = Program::new(package, source)?;
    program.write(package)?;
    let executable = build::build(package, &program)?;
    // A file of this process: what the package prints does not get into it, nor does another run.
    let answer = program.folder.join(format!("{}.json", std::process::id()));
    let ran = build::run(&executable, &answer, &program);
    let text = fs::read_to_string(&answer);
    let _ = fs::remove_file(&answer);
    ran?;
    let text = text.map_err(|error| format!("{} wrote nothing: {error}", program.function))?;
    Ok(serde_json::from_str(&text).map_err(|error| {
        format!(
            "cannot read what {} says: {error}; is the package's leveret another version than this command's, {}?",
            program.function,
            env!("CARGO_PKG_VERSION")
        )
    })?)
}
