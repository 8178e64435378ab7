use std::collections::BTreeSet;

use crate::{
    step::{self, Outcome},
    workspace,
};

/// Duplicates that are named by us and still not ours to end.
const EXCUSED: [&str; 1] = ["webpki-roots"]; // 0.26, which amqprs names, holds nothing but a re-export of 1.0

/// Fails on a crate that leveret names itself in another version than its dependencies do: moving our version would
/// end it. Duplicates between two foreign crates are theirs to end, and pass.
pub(crate) fn run() -> Outcome {
    step::announce("duplicates: no dependency of leveret twice because of us");
    let twice = names(&["--duplicates", "--depth", "0"])?;
    let ours = names(&["--depth", "1"])?;
    let caused = caused(&twice, &ours);
    if caused.is_empty() {
        return Ok(());
    }
    Err(format!(
        "another version of {} is among our dependencies; see `cargo tree -d -p leveret`",
        caused.join(", ")
    ))
}

fn caused<'a>(twice: &'a BTreeSet<String>, ours: &'a BTreeSet<String>) -> Vec<&'a str> {
    ours.intersection(twice).map(String::as_str).filter(|name| !EXCUSED.contains(name)).collect()
}

/// The names of a part of leveret's dependency tree, as it ships.
fn names(part: &[&str]) -> Result<BTreeSet<String>, String> {
    let tree = ["tree", "-p", "leveret", "--all-features", "--edges", "normal", "--prefix", "none"];
    let output =
        workspace::cargo(tree).args(part).output().map_err(|error| format!("cargo tree: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    Ok(lines
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(Into::into)
        .collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::caused;

    #[test]
    fn only_what_we_name_is_our_fault() {
        let set = |names: &[&str]| names.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        let ours = set(&["tower", "uuid", "webpki-roots"]);
        assert_eq!(caused(&set(&["getrandom", "tower", "webpki-roots"]), &ours), ["tower"]);
        assert!(caused(&set(&["getrandom"]), &ours).is_empty());
    }
}
