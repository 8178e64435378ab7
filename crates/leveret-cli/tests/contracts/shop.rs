use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
};

use leveret_tests::Ran;
use tempfile::TempDir;

/// A copy of the service, in a folder of its own.
pub(crate) struct Shop {
    folder: TempDir,
    /// The copies have one name, and are built in one place.
    _turn: MutexGuard<'static, ()>,
}

impl Shop {
    pub(crate) fn new() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contracts/shop");
        let shop = Self { folder: tempfile::tempdir().unwrap(), _turn: turn };
        fs::create_dir(shop.path("src")).unwrap();
        let manifest = fs::read_to_string(original.join("Cargo.toml")).unwrap();
        let leveret = Path::new(env!("CARGO_MANIFEST_DIR")).join("../leveret");
        let manifest = manifest.replace("../../../../leveret", leveret.to_str().unwrap());
        fs::write(shop.path("Cargo.toml"), manifest).unwrap();
        fs::copy(original.join("src/lib.rs"), shop.path("src/lib.rs")).unwrap();
        // The versions of this workspace, so that nothing is looked up or loaded.
        fs::copy(leveret.join("../../Cargo.lock"), shop.path("Cargo.lock")).unwrap();
        shop
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Replaces a part of its library.
    #[track_caller]
    pub(crate) fn change(&self, from: &str, to: &str) {
        let library = self.path("src/lib.rs");
        let text = fs::read_to_string(&library).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(library, text.replace(from, to)).unwrap();
    }

    /// Runs the command in its folder.
    pub(crate) fn run(&self, line: &str) -> Ran {
        self.run_with(line, "")
    }

    /// Runs the command with this as its input.
    pub(crate) fn run_with(&self, line: &str, input: &str) -> Ran {
        // Beside what this workspace has built, in the same profile: so its dependencies are there.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_leveret"))
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only")
            .env("CARGO_NET_OFFLINE", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }
}
