use std::{
    fs,
    time::{Duration, Instant},
};

use crate::{
    duplicates, layers,
    step::{self, Outcome},
    test,
    workspace::{self, cargo},
};

/// A check of the project.
type Check = (&'static str, fn() -> Outcome);

const CHECKS: [Check; 7] = [
    ("format", format),
    ("lints", lints),
    ("docs", docs),
    ("layers", layers::run),
    ("features", features),
    ("duplicates", duplicates::run),
    ("tests", || test::run(&[])),
];

/// Runs the named checks in turn, or all of them; the first that fails ends it. The time of each is printed at the end.
pub(crate) fn run(names: &[&str]) -> Outcome {
    let is_check = |name: &str| CHECKS.iter().any(|(check, _)| *check == name);
    if let Some(unknown) = names.iter().find(|name| !is_check(name)) {
        let known: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
        return Err(format!("ci has no check `{unknown}`; it has {}", known.join(", ")));
    }
    let mut times = Vec::new();
    let mut outcome = Ok(());
    for (name, check) in CHECKS.into_iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        let start = Instant::now();
        outcome = check().map_err(|reason| format!("ci failed at {name}: {reason}"));
        times.push((name, start.elapsed()));
        if outcome.is_err() {
            break;
        }
    }
    for (name, time) in &times {
        step::announce(&format!("{name:<10} {:>6.1} s", time.as_secs_f64()));
    }
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    step::announce(&format!("{:<10} {:>6.1} s", "together", total.as_secs_f64()));
    outcome
}

fn format() -> Outcome {
    step::run("rustfmt, checking only", &mut cargo(["fmt", "--all", "--check"]))
}

fn lints() -> Outcome {
    let arguments = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    step::run("clippy, warnings denied", &mut cargo(arguments))
}

fn docs() -> Outcome {
    let mut doc = cargo(["doc", "--workspace", "--all-features", "--no-deps"]);
    step::run("rustdoc, warnings denied", doc.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Each feature must build without the others.
fn features() -> Outcome {
    let none = ["check", "-p", "leveret", "--no-default-features"];
    step::run("leveret builds without features", &mut cargo(none))?;
    let path = workspace::root().join("crates/leveret/Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    for feature in feature_names(&manifest) {
        let alone = none.into_iter().chain(["--features", feature]);
        step::run(&format!("leveret builds with {feature} alone"), &mut cargo(alone))?;
    }
    Ok(())
}

fn feature_names(manifest: &str) -> Vec<&str> {
    let lines = manifest.lines().skip_while(|line| line.trim() != "[features]").skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name.trim())
        .filter(|name| *name != "default" && !name.starts_with('#'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::feature_names;

    #[test]
    fn features_are_read_from_the_manifest() {
        let manifest = "[package]\nname = \"x\"\n[features]\ndefault = [\"a\"]\n# b = []\na = []\nb-c = [\"a\"]\n\n[deps]\nd = \"1\"\n";
        assert_eq!(feature_names(manifest), ["a", "b-c"]);
        assert!(feature_names("[package]\nname = \"x\"").is_empty());
    }
}
