use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use crate::{args::Source, exit::Failure};

/// The package whose contracts are meant.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// What its library is called in a path.
    pub(crate) library: String,
    pub(crate) folder: PathBuf,
    /// Where its workspace has its lock file.
    pub(crate) workspace: PathBuf,
    /// Where its workspace builds.
    pub(crate) target: PathBuf,
}

/// What is needed of `cargo metadata`.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Listed>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Listed {
    name: String,
    manifest_path: PathBuf,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Package {
    /// The one that is named, else the one in whose folder we are.
    pub(super) fn find(source: &Source) -> Result<Self, Failure> {
        let mut metadata = cargo();
        metadata.args(["metadata", "--format-version", "1", "--no-deps"]);
        let answer = output(metadata, source)?;
        let metadata: Metadata = serde_json::from_str(&answer)
            .map_err(|error| format!("cannot read `cargo metadata`: {error}"))?;
        match &source.package {
            Some(name) => metadata.choose(|listed| listed.name == *name, &format!("no package `{name}`")),
            None => {
                let mut locate = cargo();
                locate.args(["locate-project", "--message-format", "plain"]);
                let manifest = PathBuf::from(output(locate, source)?.trim_end());
                metadata
                    .choose(|listed| same(&listed.manifest_path, &manifest), "a workspace without a package")
            }
        }
    }
}

impl Metadata {
    fn choose(self, is_meant: impl Fn(&Listed) -> bool, otherwise: &str) -> Result<Package, Failure> {
        let Some(listed) = self.packages.iter().find(|listed| is_meant(listed)) else {
            let names: Vec<&str> = self.packages.iter().map(|listed| &*listed.name).collect();
            let place = self.workspace_root.display();
            return Err(
                format!("{otherwise} at {place}: name one of {} by --package", names.join(", ")).into()
            );
        };
        let name = &listed.name;
        let Some(library) = listed.targets.iter().find(|target| target.is_library()) else {
            return Err(format!(
                "the package `{name}` has no library: move its contracts and services into src/lib.rs, with a function \
                 `pub fn contracts() -> leveret::contracts::Catalogue`"
            )
            .into());
        };
        Ok(Package {
            library: library.name.replace('-', "_"),
            folder: listed.manifest_path.parent().map(Path::to_owned).unwrap_or_default(),
            name: listed.name.clone(),
            workspace: self.workspace_root,
            target: self.target_directory,
        })
    }
}

impl Target {
    fn is_library(&self) -> bool {
        self.kind.iter().any(|kind| ["lib", "rlib", "dylib"].contains(&kind.as_str()))
    }
}

/// The cargo that runs us, else the one in the path.
pub(super) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// What a question to cargo is answered.
fn output(mut cargo: Command, source: &Source) -> Result<String, Failure> {
    if let Some(path) = &source.manifest_path {
        cargo.arg("--manifest-path").arg(path);
    }
    let output = cargo.output().map_err(|error| format!("cannot run cargo: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn same(a: &Path, b: &Path) -> bool {
    a == b || a.canonicalize().ok().zip(b.canonicalize().ok()).is_some_and(|(a, b)| a == b)
}
