use std::fmt;

use futures_util::future::join_all;

use crate::{
    error::{Error, ErrorKind},
    headers::Text,
    publish::{Prepared, SendErrorKind, Sink},
};

/// A transaction of which at least one message was not confirmed.
pub type CommitError = Error<CommitErrorKind>;

/// What became of each message of a transaction that was not confirmed as a whole, in the order of the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommitErrorKind {
    /// One entry a message.
    pub outcomes: Vec<CommitOutcome>,
}

/// What became of one message of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CommitOutcome {
    /// The id of the message.
    pub message_id: String,
    /// The name of its contract, if it has one.
    pub message_type: Option<String>,
    /// The queue or the topic it was for.
    pub address: String,
    /// `Ok` when the broker confirmed it.
    pub result: Result<(), SendErrorKind>,
}

impl CommitErrorKind {
    /// The messages that the broker did not confirm.
    pub fn failed(&self) -> impl Iterator<Item = (&CommitOutcome, &SendErrorKind)> {
        self.outcomes.iter().filter_map(|outcome| Some((outcome, outcome.result.as_ref().err()?)))
    }
}

impl fmt::Display for CommitErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} messages were not confirmed", self.failed().count(), self.outcomes.len())?;
        for (outcome, error) in self.failed().take(3) {
            let name = outcome.message_type.as_deref().unwrap_or("a message");
            write!(f, "; {name} {} to `{}`: {error}", outcome.message_id, outcome.address)?;
        }
        Ok(())
    }
}

impl ErrorKind for CommitErrorKind {
    fn is_retryable(&self) -> bool {
        self.failed().all(|(_, error)| error.is_retryable())
    }
}

/// Hands all messages over in order, and awaits their confirms together: one round trip, not one for each.
pub(super) async fn all(out: &dyn Sink, messages: Vec<Prepared>) -> Result<(), CommitError> {
    let departing = messages.into_iter().map(|prepared| async move {
        let (message_id, message_type) = (prepared.message_id.clone(), prepared.message_type.clone());
        let address = prepared.outgoing.routing_key.clone();
        let result = out.accept(prepared).await.map_err(|error| error.kind().clone());
        (message_id, message_type, address, result)
    });
    let outcomes = join_all(departing).await;
    if outcomes.iter().all(|(.., result)| result.is_ok()) {
        return Ok(());
    }
    let outcome =
        |(message_id, message_type, address, result): (Text, Option<Text>, Text, _)| CommitOutcome {
            message_id: message_id.into(),
            message_type: message_type.map(String::from),
            address: address.into(),
            result,
        };
    Err(CommitErrorKind { outcomes: outcomes.into_iter().map(outcome).collect() }.into())
}
