use std::{fmt, sync::Arc};

use super::{RetryPolicy, Verdict};
use crate::error::Failure;

/// What a rule does with the failures that it matches: made from a [`RetryPolicy`] or a [`Verdict`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Treatment {
    /// Retries of their own. What counts is how often the message has failed in all, with whatever error.
    Policy(Box<RetryPolicy>),
    /// Always the same; `Retry` as long as the policy that has the rule has retries left.
    Verdict(Verdict),
}

impl From<RetryPolicy> for Treatment {
    fn from(policy: RetryPolicy) -> Self {
        Self::Policy(Box::new(policy))
    }
}

impl From<Verdict> for Treatment {
    fn from(verdict: Verdict) -> Self {
        Self::Verdict(verdict)
    }
}

type Matches = Arc<dyn Fn(&Failure) -> bool + Send + Sync>;

/// Failures that are treated in another way.
#[derive(Clone)]
pub(super) struct Rule {
    /// For people.
    pub(super) name: &'static str,
    matches: Matches,
    pub(super) treatment: Treatment,
}

impl Rule {
    pub(super) fn new(
        name: &'static str,
        matches: impl Fn(&Failure) -> bool + Send + Sync + 'static,
        treatment: Treatment,
    ) -> Self {
        Self { name, matches: Arc::new(matches), treatment }
    }

    pub(super) fn matches(&self, failure: &Failure) -> bool {
        (self.matches)(failure)
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule").field("on", &self.name).field("treatment", &self.treatment).finish()
    }
}
