//! What has changed between a snapshot of contracts and the contracts of now, and whom it hurts: pure.
//!
//! ```text
//! document, shape, number   a JSON Schema as the forms that a value may have
//! key                       by what a reader tells these forms apart
//! readable, fields          where a reader does not take what a writer writes; finding is what is found
//! forms, facts              the two directions of a deployment joined to changes; what is not in the schema
//! parties, render           who notices, and how things are called
//! ```

mod change;
mod document;
mod facts;
mod fields;
mod finding;
mod forms;
mod key;
mod number;
mod parties;
mod readable;
mod render;
mod shape;
#[cfg(test)]
mod tests;

pub use self::change::{Change, Severity};
use super::{DescribedContract, Description};

/// All that differs between the contracts of before and what is described now; the breaking changes first.
///
/// Two services understand each other across a deployment if each reads what the other writes: so each schema is
/// compared as what is written with the other as what is read, in both directions.
#[must_use]
pub fn compare(old: &[DescribedContract], now: &Description) -> Vec<Change> {
    let mut changes = Vec::new();
    for before in old {
        let after = now
            .contract(&before.name)
            .or_else(|| now.contracts.iter().find(|contract| contract.also.contains(&before.name)));
        match after {
            None => changes.push(facts::removed(before, now)),
            Some(after) => {
                changes.extend(facts::facts(before, after, now));
                changes.extend(forms::forms(before, after, now));
            }
        }
    }
    let is_known = |new: &DescribedContract| {
        old.iter().any(|before| before.name == new.name || new.also.contains(&before.name))
    };
    changes.extend(now.contracts.iter().filter(|contract| !is_known(contract)).map(facts::added));
    changes.sort_by_key(|change| !change.is_breaking());
    changes
}
