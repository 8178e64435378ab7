use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use super::{Report, SnapshotError, SnapshotErrorKind, file};
use crate::contracts::{DescribedContract, Description, compare};

/// By this variable a test writes the snapshot instead of checking it.
const VARIABLE: &str = "LEVERET_CONTRACTS";

/// A folder with one JSON file for each contract, which is committed with the code: what services of before understand.
///
/// ```no_run
/// # use leveret::contracts::Catalogue;
/// # fn contracts() -> Catalogue { Catalogue::new("shop") }
/// use leveret::contracts::{Snapshot, SnapshotError};
///
/// // in your crate: #[test]
/// fn contracts_stay_compatible() -> Result<(), SnapshotError> {
///     Snapshot::at("contracts").check(&contracts().describe())?;
///     Ok(())
/// }
/// # contracts_stay_compatible().unwrap();
/// ```
#[derive(Debug, Clone)]
pub struct Snapshot {
    folder: PathBuf,
}

/// What was written of a snapshot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The files that are new or say something else now.
    pub changed: Vec<PathBuf>,
    /// The files of contracts that are no more.
    pub removed: Vec<PathBuf>,
}

impl Snapshot {
    /// The snapshot in this folder. A test runs in the folder of its package.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Compares the contracts with the snapshot. What is additive is no error; the report tells it.
    ///
    /// If the environment variable `LEVERET_CONTRACTS` is `overwrite`, the snapshot is written instead.
    ///
    /// # Errors
    /// A breaking change, no snapshot, a file that is none, or a catalogue that is not complete.
    pub fn check(&self, now: &Description) -> Result<Report, SnapshotError> {
        if overwrites(env::var_os(VARIABLE))? {
            self.write(now)?;
        }
        let report = self.compare(now)?;
        if report.is_breaking() { Err(SnapshotErrorKind::Breaking(report).into()) } else { Ok(report) }
    }

    /// All changes since the snapshot, the breaking ones too.
    ///
    /// # Errors
    /// No snapshot, a file that is none, or a catalogue that is not complete.
    pub fn compare(&self, now: &Description) -> Result<Report, SnapshotError> {
        now.check().map_err(|error| error.map(SnapshotErrorKind::Catalogue))?;
        let before = self.read()?;
        if before.is_empty() && !now.contracts.is_empty() {
            return Err(SnapshotErrorKind::Missing(self.folder.clone()).into());
        }
        Ok(Report::new(compare(&before, now)))
    }

    /// The contracts as they were; none if the folder does not exist.
    ///
    /// # Errors
    /// A JSON file that is no contract, or cannot be read.
    pub fn read(&self) -> Result<Vec<DescribedContract>, SnapshotError> {
        self.files()?.iter().map(|path| read(path)).collect()
    }

    /// Writes the snapshot: the contracts as they are now, and no others. Other files in the folder stay.
    ///
    /// # Errors
    /// A file that cannot be written, or a catalogue that is not complete.
    pub fn write(&self, now: &Description) -> Result<Written, SnapshotError> {
        now.check().map_err(|error| error.map(SnapshotErrorKind::Catalogue))?;
        fs::create_dir_all(&self.folder).map_err(at(&self.folder))?;
        let mut written = Written::default();
        let mut kept = Vec::new();
        for contract in &now.contracts {
            let (path, text) = (self.folder.join(file::name(contract)), file::text(contract));
            if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
                fs::write(&path, text).map_err(at(&path))?;
                written.changed.push(path.clone());
            }
            kept.push(path);
        }
        for path in self.files()? {
            // A file that is no contract stays, and the next check complains of it.
            if !kept.contains(&path) && read(&path).is_ok() {
                fs::remove_file(&path).map_err(at(&path))?;
                written.removed.push(path);
            }
        }
        Ok(written)
    }

    /// The JSON files in the folder, in the order of their names.
    fn files(&self) -> Result<Vec<PathBuf>, SnapshotError> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(at(&self.folder))?,
        };
        let paths: io::Result<Vec<PathBuf>> = entries.map(|entry| Ok(entry?.path())).collect();
        let mut paths = paths.map_err(at(&self.folder))?;
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        Ok(paths)
    }
}

fn overwrites(variable: Option<OsString>) -> Result<bool, SnapshotError> {
    match variable {
        Some(value) if value == "overwrite" => Ok(true),
        Some(value) if !value.is_empty() => {
            Err(SnapshotErrorKind::Variable(value.to_string_lossy().into_owned()).into())
        }
        _ => Ok(false),
    }
}

fn read(path: &Path) -> Result<DescribedContract, SnapshotError> {
    let text = fs::read_to_string(path).map_err(at(path))?;
    file::contract(&text).map_err(|reason| SnapshotErrorKind::File { path: path.to_owned(), reason }.into())
}

/// An error with the file or folder that it is about.
fn at(path: &Path) -> impl Fn(io::Error) -> SnapshotError {
    let path = path.to_owned();
    move |error| SnapshotErrorKind::File { path: path.clone(), reason: error.to_string() }.into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn description(contracts: &[(&str, Value)]) -> Description {
        let contracts = contracts.iter().map(|(name, schema)| {
            json!({ "name": name, "rust_type": "a", "kind": "command", "address": "billing", "schema": schema })
        });
        let contracts: Vec<Value> = contracts.collect();
        serde_json::from_value(json!({ "title": "shop", "contracts": contracts })).unwrap()
    }

    #[test]
    fn a_snapshot_is_written_and_checked() {
        let folder = tempfile::tempdir().unwrap();
        let snapshot = Snapshot::at(folder.path().join("contracts"));
        let one =
            description(&[("Charge", json!({ "type": "string" })), ("Refund", json!({ "type": "null" }))]);
        let error = snapshot.compare(&one).unwrap_err();
        assert!(matches!(error.kind(), SnapshotErrorKind::Missing(_)), "{error}");

        let written = snapshot.write(&one).unwrap();
        assert_eq!((written.changed.len(), written.removed.len()), (2, 0));
        assert!(snapshot.check(&one).unwrap().is_empty());
        assert_eq!(snapshot.write(&one).unwrap(), Written::default());

        let other = description(&[("Charge", json!({ "type": "integer" }))]);
        let error = snapshot.check(&other).unwrap_err();
        let SnapshotErrorKind::Breaking(report) = error.kind() else { panic!("{error}") };
        assert_eq!(report.changes.len(), 2);
        for part in [
            "`Charge` $: was string, is integer",
            "`Refund` contract: removed",
            "2 breaking, 0 additive",
            "overwrite",
        ] {
            assert!(error.to_string().contains(part), "{error}");
        }

        let written = snapshot.write(&other).unwrap();
        assert_eq!((written.changed.len(), written.removed.len()), (1, 1));
        assert!(snapshot.check(&other).unwrap().is_empty());
    }

    #[test]
    fn the_variable_has_one_value() {
        for (value, overwritten) in [
            (None, Some(false)),
            (Some(""), Some(false)),
            (Some("overwrite"), Some(true)),
            (Some("yes"), None),
        ] {
            assert_eq!(overwrites(value.map(Into::into)).ok(), overwritten, "{value:?}");
        }
    }

    #[test]
    fn what_else_is_in_the_folder_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (snapshot, one) = (Snapshot::at(folder.path()), description(&[("Charge", json!(true))]));
        let (readme, conflict) = (folder.path().join("README.md"), folder.path().join("Gone.json"));
        fs::write(&readme, "contracts").unwrap();
        fs::write(&conflict, "<<<<<<<").unwrap();
        assert_eq!(snapshot.write(&one).unwrap().removed, [""; 0].map(PathBuf::from));
        let error = snapshot.check(&one).unwrap_err().to_string();
        assert!(error.contains("Gone.json: expected value"), "{error}");
        fs::remove_file(conflict).unwrap();
        snapshot.check(&one).unwrap();
        assert!(readme.exists());
    }
}
