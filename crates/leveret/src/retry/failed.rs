use super::Verdict;
use crate::{
    envelope::{Facts, Names, Received},
    error::Failure,
    headers::Headers,
};

/// A message that failed, how, and what becomes of it: what an [`ErrorHandler`](super::ErrorHandler) decides about, and
/// what is told to [`on_failure`](crate::BusBuilder::on_failure).
#[derive(Debug, Clone, Copy)]
pub struct Failed<'a> {
    pub(crate) failure: &'a Failure,
    pub(crate) received: &'a Received,
    pub(crate) names: &'a Names,
    pub(crate) handler: Option<&'static str>,
    pub(crate) attempt: u32,
    pub(crate) verdict: Verdict,
}

impl<'a> Failed<'a> {
    /// What went wrong.
    pub fn failure(&self) -> &'a Failure {
        self.failure
    }

    /// What the headers and properties of the message say: its type, its ids, its sender.
    pub fn facts(&self) -> Facts<'a> {
        self.received.facts(self.names)
    }

    /// The header table, as it came.
    pub fn headers(&self) -> &'a Headers {
        &self.received.envelope.headers
    }

    /// The message with everything that the broker told about it.
    pub fn received(&self) -> &'a Received {
        self.received
    }

    /// The name of the handler's method; `None` for a message that no handler takes or was asked to.
    pub fn handler(&self) -> Option<&'static str> {
        self.handler
    }

    /// Which run failed, counted from 1: how often the message has failed by now, here or elsewhere. 0 only for one that
    /// never failed and is moved because its process always died.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// To an error handler, what the policy would do; to `on_failure`, what was decided.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }
}
