//! The floors of the runtime crate: a module imports only from lower floors, never sideways or up.

mod floors;
mod imports;
mod rules;
mod source;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    step::{self, Outcome},
    workspace,
};

/// Checks the project's own tree.
pub(crate) fn run() -> Outcome {
    step::announce("layers: modules import only from lower floors");
    let violations = check(&workspace::root()).map_err(|error| format!("layers: {error}"))?;
    for violation in &violations {
        eprintln!("{violation}");
    }
    match violations.len() {
        0 => Ok(()),
        count => Err(format!("layers: {count} violations")),
    }
}

/// All violations below a root that has `crates/leveret/src` and, perhaps, `crates/leveret-macros/src`.
fn check(root: &Path) -> io::Result<Vec<String>> {
    let mut violations = Vec::new();
    for (folder, rule) in [
        ("crates/leveret/src", rules::runtime as fn(&rules::Module<'_>, &mut Vec<String>)),
        ("crates/leveret-macros/src", rules::macros),
    ] {
        let folder = root.join(folder);
        for path in files(&folder)? {
            let text = fs::read_to_string(&path)?;
            let shown = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            let inner = path.strip_prefix(&folder).unwrap_or(&path);
            let code = source::code_only(&text);
            rule(&rules::Module::new(&shown, inner, &code), &mut violations);
        }
    }
    Ok(violations)
}

/// The Rust files below a folder, in order; none if there is no folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests;
