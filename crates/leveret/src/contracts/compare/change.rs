use std::fmt;

/// A difference between a snapshot and the contracts as they are now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The name of the contract on the wire.
    pub contract: String,
    /// What differs: a place in the JSON such as `$.card.number`, or a fact of the contract such as `topic`.
    pub place: String,
    /// What it was; `None` if it was not there.
    pub old: Option<String>,
    /// What it is; `None` if it is not there any more.
    pub new: Option<String>,
    /// Whether somebody is hurt.
    pub severity: Severity,
    /// Who notices, and how: a sentence each.
    pub noticed: Vec<String>,
}

/// Whether services of before and of after a change understand each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// They do, in both directions.
    Additive,
    /// In at least one direction they do not, or it cannot be judged.
    Breaking,
}

impl Change {
    pub(super) fn additive(contract: &str, place: &str, noticed: Option<String>) -> Self {
        Self {
            contract: contract.to_owned(),
            place: place.to_owned(),
            old: None,
            new: None,
            severity: Severity::Additive,
            noticed: noticed.into_iter().collect(),
        }
    }

    pub(super) fn breaking(contract: &str, place: &str, noticed: Vec<String>) -> Self {
        Self { severity: Severity::Breaking, noticed, ..Self::additive(contract, place, None) }
    }

    pub(super) fn between(mut self, old: Option<&str>, new: Option<&str>) -> Self {
        self.old = old.map(Into::into);
        self.new = new.map(Into::into);
        self
    }

    /// Whether it hurts somebody.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.severity == Severity::Breaking
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { contract, place, .. } = self;
        let what = if self.is_breaking() { "breaking" } else { "additive" };
        write!(f, "{what}: `{contract}` {place}: ")?;
        match (&self.old, &self.new) {
            (None, None) => f.write_str("changed")?,
            (Some(old), None) => write!(f, "removed, was {old}")?,
            (None, Some(new)) => write!(f, "new: {new}")?,
            (Some(old), Some(new)) => write!(f, "was {old}, is {new}")?,
        }
        self.noticed.iter().try_for_each(|sentence| write!(f, "\n    {sentence}"))
    }
}
