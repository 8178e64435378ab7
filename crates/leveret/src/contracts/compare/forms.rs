use super::{
    change::{Change, Severity},
    finding::{Finding, Problem},
    parties::Parties,
    readable::readable,
};
use crate::contracts::{DescribedContract, Description};

/// Which of the two sides is the older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    /// Who is built with the change reads what was written before it.
    OldToNew,
    /// Who is built before the change reads what is written after it.
    NewToOld,
}

/// What differs in the form of a contract: both directions, joined by place.
pub(super) fn forms(old: &DescribedContract, new: &DescribedContract, now: &Description) -> Vec<Change> {
    let parties = Parties::of(new, now);
    let mut changes: Vec<Change> = Vec::new();
    for (direction, findings) in [
        (Direction::OldToNew, readable(&old.schema, &new.schema)),
        (Direction::NewToOld, readable(&new.schema, &old.schema)),
    ] {
        for finding in findings {
            let change = change(&new.name, direction, finding, &parties);
            let same = |known: &&mut Change| {
                (&known.place, &known.old, &known.new) == (&change.place, &change.old, &change.new)
            };
            match changes.iter_mut().find(same) {
                None => changes.push(change),
                Some(known) => {
                    known.severity = known.severity.max(change.severity);
                    known.noticed.extend(change.noticed);
                }
            }
        }
    }
    changes
}

fn change(contract: &str, direction: Direction, finding: Finding, parties: &Parties) -> Change {
    let Finding { place, problem, written, read } = finding;
    // What newer writers say besides, older readers may ignore: that is how a contract grows.
    let severity = match (problem, direction) {
        (Problem::Dropped, Direction::NewToOld) => Severity::Additive,
        _ => Severity::Breaking,
    };
    let noticed = noticed(problem, direction, parties);
    let (old, new) = match direction {
        Direction::OldToNew => (written, read),
        Direction::NewToOld => (read, written),
    };
    Change { contract: contract.to_owned(), place, old, new, severity, noticed: vec![noticed] }
}

fn noticed(problem: Problem, direction: Direction, parties: &Parties) -> String {
    let Parties { new_reader, old_reader, old_writing, new_writing, order } = parties;
    let reason = problem.reason();
    let (reader, writing) = match direction {
        Direction::OldToNew => (new_reader, old_writing),
        Direction::NewToOld => (old_reader, new_writing),
    };
    match (problem, direction) {
        (Problem::Dropped, _) => format!("{reader} ignores the field in {writing}"),
        (Problem::Unclear, _) => format!("{reader} may not read {writing}: {reason}"),
        (_, Direction::OldToNew) => format!("{reader} cannot read {writing}: {reason}"),
        (_, Direction::NewToOld) => format!("{reader} cannot read {writing}: {reason}; {order}"),
    }
}
