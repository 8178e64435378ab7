use std::{fs, path::PathBuf, process::Command, time::Duration};

use super::{
    cost,
    source::{self, Author, Edit},
};
use crate::workspace;

/// A generated package, in a workspace of its own.
#[derive(Debug)]
pub(super) struct Package {
    author: Author,
    contracts: usize,
    workspace: PathBuf,
}

/// Writes both packages; what an earlier call built stays.
///
/// # Errors
/// A file that cannot be written.
pub(super) fn generate(contracts: usize) -> Result<[Package; 2], String> {
    let workspace = workspace::target().join("bench-compile");
    let packages = [Author::Macros, Author::Hand].map(|author| Package {
        author,
        contracts,
        workspace: workspace.clone(),
    });
    let members = packages.each_ref().map(Package::name);
    // The dependencies in the versions of the project.
    let lock = fs::read_to_string(workspace::root().join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    for package in &packages {
        package.write("Cargo.toml", &package.manifest())?;
        package.write("src/lib.rs", &source::library(package.author, contracts, Edit::SameLength(0)))?;
    }
    write(workspace.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"))?;
    write(workspace.join("Cargo.lock"), &lock)?;
    Ok(packages)
}

impl Package {
    pub(super) const fn name(&self) -> &'static str {
        self.author.package()
    }

    /// Checks the package anew, with nothing but its dependencies built.
    pub(super) fn cold(&self, incremental: bool) -> Result<Duration, String> {
        let clean = self.cargo(["clean", "--quiet", "--package", self.name()]);
        cost::of(&clean)?;
        let mut check = self.check();
        if !incremental {
            check.env("CARGO_INCREMENTAL", "0");
        }
        cost::of(&check)
    }

    /// Checks the package after an edit in the body of one handler.
    pub(super) fn edited(&self, edit: Edit) -> Result<Duration, String> {
        self.write("src/lib.rs", &source::library(self.author, self.contracts, edit))?;
        cost::of(&self.check())
    }

    fn check(&self) -> Command {
        self.cargo(["check", "--quiet", "--package", self.name()])
    }

    fn cargo<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = workspace::cargo(arguments);
        command.current_dir(&self.workspace).env("CARGO_TARGET_DIR", self.workspace.join("target"));
        command
    }

    fn manifest(&self) -> String {
        let name = self.name();
        let leveret = workspace::root().join("crates").join("leveret");
        format!(
            "[package]
name = {name:?}
version = \"0.0.0\"
edition = \"2024\"
publish = false

[dependencies]
leveret = {{ path = {leveret:?} }}
serde = {{ version = \"1\", features = [\"derive\"] }}
"
        )
    }

    fn write(&self, file: &str, text: &str) -> Result<(), String> {
        write(self.workspace.join(self.name()).join(file), text)
    }
}

fn write(path: PathBuf, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(&path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}
