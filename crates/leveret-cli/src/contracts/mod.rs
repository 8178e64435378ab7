//! `leveret contracts`: what a package says on the wire, and its snapshot; thin over `leveret::contracts`.

mod documents;

use leveret::contracts::{Description, Snapshot};

pub(crate) use self::documents::{Document, Schemas};
use crate::{
    args::{Check, Common, ContractsCommand, Snapshot as Arguments},
    describe::describe,
    exit::{Failure, Outcome},
    out::say,
    text::lines,
};

pub(crate) fn run(common: &Common, command: &ContractsCommand) -> Result<Outcome, Failure> {
    match command {
        ContractsCommand::Describe(source) => {
            say(&describe(source)?.description.to_json())?;
            Ok(Outcome::Fine)
        }
        ContractsCommand::Schema(schemas) => documents::schemas(schemas),
        ContractsCommand::Asyncapi(document) => documents::asyncapi(common, document),
        ContractsCommand::Mermaid(document) => documents::mermaid(common, document),
        ContractsCommand::Snapshot(arguments) => snapshot(arguments),
        ContractsCommand::Check(arguments) => check(arguments),
    }
}

fn snapshot(arguments: &Arguments) -> Result<Outcome, Failure> {
    let (snapshot, now) = open(arguments)?;
    let written = snapshot.write(&now)?;
    for (what, paths) in [("written", &written.changed), ("removed", &written.removed)] {
        for path in paths {
            say(&lines(&format!("{what}: {}", path.display())))?;
        }
    }
    if written.changed.is_empty() && written.removed.is_empty() {
        say("the snapshot says already what the contracts say")?;
    }
    Ok(Outcome::Fine)
}

fn check(arguments: &Check) -> Result<Outcome, Failure> {
    let (snapshot, now) = open(&arguments.snapshot)?;
    let report = snapshot.compare(&now)?;
    say(&lines(&report.to_string()))?;
    if report.is_breaking() {
        say("if that is meant, write the snapshot anew: leveret contracts snapshot")?;
    } else if !report.is_empty() {
        say("take it into the snapshot: leveret contracts snapshot")?;
    }
    Ok(Outcome::wanting_if(report.is_breaking() || arguments.exact && !report.is_empty()))
}

fn open(arguments: &Arguments) -> Result<(Snapshot, Description), Failure> {
    let described = describe(&arguments.source)?;
    Ok((Snapshot::at(described.folder.join(&arguments.dir)), described.description))
}
