//! Messages that leave together, or not at all.

mod commit;

use std::time::Duration;

pub use self::commit::{CommitError, CommitErrorKind, CommitOutcome};

use crate::{
    message::{
        Message,
        verbs::{DeferKind, PublishKind, SendKind},
    },
    publish::{DeferCommand, Draft, Held, PublishEvent, SendCommand, SendError, Writer},
};

/// Messages that wait for [`commit`](Self::commit): nothing leaves before, and nothing at all when it is dropped.
///
/// It is no AMQP transaction, and no atomic one: the messages leave together and their confirms are awaited together.
/// Where some could not be confirmed, the error says so for each (design §3).
///
/// ```no_run
/// # use leveret::{Bus, Message};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Message)]
/// # #[message(command, endpoint = "billing")]
/// # struct ChargeCard { cents: u64 }
/// # #[derive(Serialize, Deserialize, Message)]
/// # #[message(event, topic = "billing.card-charged")]
/// # struct CardCharged { cents: u64 }
/// # async fn example(bus: &Bus) -> Result<(), Box<dyn std::error::Error>> {
/// let tx = bus.transaction();
/// tx.send(ChargeCard { cents: 4_200 }).await?;
/// tx.publish(CardCharged { cents: 4_200 }).await?;
/// tx.commit().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing leaves a transaction before `tx.commit().await?`"]
pub struct Transaction {
    writer: Writer,
}

impl Transaction {
    /// A transaction of what `writer` holds back.
    pub(crate) fn new(writer: Writer) -> Self {
        Self { writer }
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.writer
    }

    /// Adds what a handler returned, at once: it has no options, and nothing is awaited, since nothing leaves yet.
    pub(crate) fn hold(&self, draft: Draft) -> Result<(), SendError> {
        let prepared = self.writer.finish(draft)?;
        if let Some(held) = self.writer.held() {
            held.push(prepared);
        }
        Ok(())
    }

    /// Adds a command, for the endpoint that its contract names.
    pub fn send<M: Message>(&self, command: M) -> SendCommand<'_>
    where
        M::Kind: SendKind<M>,
    {
        self.writer.send(&command)
    }

    /// Adds an event, for whoever subscribed.
    pub fn publish<M: Message>(&self, event: M) -> PublishEvent<'_>
    where
        M::Kind: PublishKind<M>,
    {
        self.writer.publish(&event)
    }

    /// Adds a command that is held back for `delay`, counted from when it was added.
    pub fn defer<M: Message>(&self, command: M, delay: Duration) -> DeferCommand<'_>
    where
        M::Kind: DeferKind<M>,
    {
        self.writer.defer(&command, delay)
    }

    /// Adds a command whose body is there already, for gateways.
    pub fn send_raw(&self, queue: &str, message_type: &str, body: impl Into<Vec<u8>>) -> SendCommand<'_> {
        self.writer.send_raw(queue, message_type, body.into())
    }

    /// Adds an event whose body is there already, for gateways.
    pub fn publish_raw(&self, topic: &str, message_type: &str, body: impl Into<Vec<u8>>) -> PublishEvent<'_> {
        self.writer.publish_raw(topic, message_type, body.into())
    }

    /// How many messages wait.
    pub fn len(&self) -> usize {
        self.writer.held().map_or(0, Held::len)
    }

    /// Whether no message waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lets all messages leave together, in the order in which they were added, and waits until the broker has them.
    ///
    /// Dropping the future half-way may have sent any of them.
    ///
    /// # Errors
    /// When at least one message was not confirmed: [`CommitErrorKind`] says for each what became of it.
    pub async fn commit(self) -> Result<(), CommitError> {
        let messages = self.writer.held().map(Held::take).unwrap_or_default();
        commit::all(self.writer.sink(), messages).await
    }
}
