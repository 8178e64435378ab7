use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::package::Package;
use crate::{args::Source, exit::Failure};

/// A program that calls the function of a package and writes down what it describes: a package of its own, under the
/// target folder of the user's.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) folder: PathBuf,
    /// The function that is called, as a path.
    pub(super) function: String,
    manifest: String,
    main: String,
}

impl Program {
    pub(super) fn new(package: &Package, source: &Source) -> Result<Self, Failure> {
        let function = function(&package.library, &source.function)?;
        Ok(Self {
            folder: package.target.join("leveret").join(format!("describe-{}", package.name)),
            manifest: manifest(package, &source.features),
            main: main(&function),
            function,
        })
    }

    /// Writes the package. It gets the versions of dependencies that the user's has.
    pub(super) fn write(&self, package: &Package) -> Result<(), Failure> {
        let written = || -> io::Result<()> {
            fs::create_dir_all(self.folder.join("src"))?;
            write_changed(&self.manifest_path(), &self.manifest)?;
            write_changed(&self.folder.join("src/main.rs"), &self.main)?;
            match fs::copy(package.workspace.join("Cargo.lock"), self.folder.join("Cargo.lock")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        };
        Ok(written().map_err(|error| format!("cannot write {}: {error}", self.folder.display()))?)
    }

    pub(super) fn manifest_path(&self) -> PathBuf {
        self.folder.join("Cargo.toml")
    }
}

/// Cargo builds what was written anew, though it says the same.
fn write_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|before| before == text) { Ok(()) } else { fs::write(path, text) }
}

/// `wire::contracts` in the library `shop` is `shop::wire::contracts`.
fn function(library: &str, path: &str) -> Result<String, String> {
    let inner = path.strip_prefix(library).and_then(|rest| rest.strip_prefix("::")).unwrap_or(path);
    let is_name = |word: &str| {
        word.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
            && word.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    if inner.split("::").all(is_name) {
        Ok(format!("{library}::{inner}"))
    } else {
        Err(format!("--function `{path}` is no path of a function, such as `{library}::contracts`"))
    }
}

fn manifest(package: &Package, features: &[String]) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string(); // TOML reads JSON's strings
    let features: Vec<String> = features.iter().map(|feature| quoted(feature)).collect();
    format!(
        "# Written by `leveret`, and written over.\n\
         [package]\nname = {name}\nversion = \"0.0.0\"\nedition = \"2021\"\npublish = false\n\n\
         [workspace]\n\n\
         [dependencies]\n{package} = {{ path = {path}, features = [{features}] }}\n",
        name = quoted(&format!("leveret-describe-{}", package.name)),
        package = quoted(&package.name),
        path = quoted(&package.folder.to_string_lossy()),
        features = features.join(", "),
    )
}

fn main(function: &str) -> String {
    format!(
        "fn main() -> std::io::Result<()> {{\n    \
         let file = std::env::args_os().nth(1).unwrap_or_default();\n    \
         std::fs::write(file, {function}().describe().to_json())\n}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_function_is_found_in_the_library() {
        for (path, full) in [
            ("contracts", Some("shop::contracts")),
            ("shop::contracts", Some("shop::contracts")),
            ("wire::contracts", Some("shop::wire::contracts")),
            ("contracts()", None),
            ("", None),
        ] {
            assert_eq!(function("shop", path).ok().as_deref(), full, "{path}");
        }
    }

    #[test]
    fn the_manifest_stands_alone() {
        let package = Package {
            name: "web-shop".into(),
            library: "web_shop".into(),
            folder: "/a \"b\"".into(),
            workspace: "/".into(),
            target: "/t".into(),
        };
        let manifest = manifest(&package, &["x".to_owned(), "y".to_owned()]);
        assert!(manifest.contains("\n[workspace]\n"), "{manifest}");
        let dependency = r#""web-shop" = { path = "/a \"b\"", features = ["x", "y"] }"#;
        assert!(manifest.contains(dependency), "{manifest}");
    }
}
