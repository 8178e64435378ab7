//! What the compiler says to mistakes, and what it accepts.
//!
//! Each file in `fail/` makes one mistake; beside it stands all that the compiler says to it. `TRYBUILD=overwrite`
//! writes these texts anew: read them before you commit them. They are compared on one compiler only, since each
//! words its errors a little differently.

mod book;

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::Command,
};

/// The compiler whose words the `.stderr` files hold.
const COMPILER: &str = "rustc 1.95.";

/// The folders with cases.
const FOLDERS: [&str; 4] = ["message", "handler", "verbs", "ecosystem"];

/// Tells the run on another compiler where its copies of the cases are.
const COPIES: &str = "LEVERET_UI_COPIES";

#[test]
fn compiler_answers() -> io::Result<()> {
    let compiler = compiler()?;
    if let Some(copies) = env::var_os(COPIES) {
        answers(Path::new(&copies));
    } else if compiler.starts_with(COMPILER) {
        answers(Path::new("ui"));
    } else {
        let note = format!(
            "note: this is {compiler} and the expected texts are of {COMPILER}*: \
             the UI cases are compiled, but what the compiler says to them is not compared\n"
        );
        io::stderr().write_all(note.as_bytes())?; // past the capture of the test harness
        fails_somehow()?;
    }
    Ok(())
}

/// Compiles the cases below `root`. A case in `pass/` runs too.
fn answers(root: &Path) {
    let cases = trybuild::TestCases::new();
    for folder in FOLDERS {
        cases.pass(root.join(folder).join("pass/*.rs"));
        cases.compile_fail(root.join(folder).join("fail/*.rs"));
    }
}

/// Compiles copies of the cases, whose texts may be written anew without harm. A case that does not fail is still an
/// error.
fn fails_somehow() -> io::Result<()> {
    let copies = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ui");
    if copies.exists() {
        fs::remove_dir_all(&copies)?;
    }
    copy_cases(Path::new("ui"), &copies)?;
    let run = Command::new(env::current_exe()?)
        .args(["--exact", "compiler_answers"])
        .env(COPIES, &copies)
        .env("TRYBUILD", "overwrite")
        .output()?;
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    Ok(())
}

fn copy_cases(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_cases(&path, &target)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            fs::copy(&path, target)?;
        }
    }
    Ok(())
}

/// `rustc 1.95.0 (59807616e 2026-04-14)`, or the like.
fn compiler() -> io::Result<String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
