//! What a handler sees besides its message: the facts of the delivery, and the bus inside its transaction.

mod delivery;
mod in_handler;
mod scope;

use std::{sync::OnceLock, time::Duration};

use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

pub use self::delivery::Delivery;
pub use self::in_handler::HandlerContext;
pub(crate) use self::scope::{Scope, Services};

use crate::{
    envelope::{Facts, Intent, Received},
    error::HandlerError,
    headers::Headers,
    message::{
        Answer, Message,
        verbs::{DeferKind, PromisesReply, PublishKind, ReplyKind, RequestKind, SendKind},
    },
    publish::{DeferCommand, Draft, PublishEvent, SendCommand, SendReply, Writer},
    request::Request,
    transaction::Transaction,
};

/// The bus as a handler sees it, and the facts of the delivery.
///
/// What a handler sends, publishes, defers and replies here leaves only when it has succeeded, all together; a handler
/// that fails has sent nothing. Only [`request`](Self::request) leaves at once, since its reply is awaited.
#[derive(Debug)]
pub struct Context {
    delivery: Delivery,
    transaction: Transaction,
    /// Past the transaction, for requests: hardly any handler makes one.
    direct: OnceLock<Writer>,
}

impl Context {
    /// A context with an empty transaction, for one run of a handler.
    pub(crate) fn new(delivery: Delivery) -> Self {
        let transaction = delivery.scope().begin(&delivery);
        Self { delivery, transaction, direct: OnceLock::new() }
    }

    /// The handler has succeeded: leaves its transaction to whoever ran it.
    pub(crate) fn succeed(self) {
        self.delivery.scope().succeed(self.transaction);
    }

    /// Sends a command to the endpoint that its contract names, if the handler succeeds.
    pub fn send<M: Message>(&self, command: M) -> SendCommand<'_>
    where
        M::Kind: SendKind<M>,
    {
        self.transaction.writer().send(&command)
    }

    /// Publishes an event to whoever subscribed, if the handler succeeds.
    pub fn publish<M: Message>(&self, event: M) -> PublishEvent<'_>
    where
        M::Kind: PublishKind<M>,
    {
        self.transaction.writer().publish(&event)
    }

    /// Sends a command that is held back for `delay`, if the handler succeeds.
    pub fn defer<M: Message>(&self, command: M, delay: Duration) -> DeferCommand<'_>
    where
        M::Kind: DeferKind<M>,
    {
        self.transaction.writer().defer(&command, delay)
    }

    /// Sends a command at once, outside the transaction, and awaits its reply.
    pub fn request<M: Message>(&self, command: M) -> Request<'_, M::Reply>
    where
        M::Kind: RequestKind<M> + PromisesReply<M>,
    {
        let scope = self.delivery.scope();
        let direct = self.direct.get_or_init(|| scope.direct(&self.delivery));
        Request::new(&scope.services().requester, direct, &command)
    }

    /// Sends a further reply to whoever sent the message, if the handler succeeds.
    ///
    /// Awaiting it fails when the message came without a ReplyToAddress.
    pub fn reply<M: Message>(&self, reply: M) -> SendReply<'_>
    where
        M::Kind: ReplyKind<M>,
    {
        let facts = self.facts();
        let command = facts.shared_message_id();
        self.transaction.writer().reply(&reply, facts.reply_to().as_deref(), command)
    }

    /// Sends a command whose body is there already, if the handler succeeds.
    pub fn send_raw(&self, queue: &str, message_type: &str, body: impl Into<Vec<u8>>) -> SendCommand<'_> {
        self.transaction.writer().send_raw(queue, message_type, body.into())
    }

    /// Publishes an event whose body is there already, if the handler succeeds.
    pub fn publish_raw(&self, topic: &str, message_type: &str, body: impl Into<Vec<u8>>) -> PublishEvent<'_> {
        self.transaction.writer().publish_raw(topic, message_type, body.into())
    }

    /// Sends what a handler returned, if its contract promises something. For endpoints written by hand.
    ///
    /// A message that came without a ReplyToAddress wants no reply: it is dropped and counted.
    ///
    /// # Errors
    /// When the reply cannot be encoded, or the ReplyToAddress cannot be a queue; trying again does not help.
    pub async fn answer<R: Answer>(&self, reply: R) -> Result<(), HandlerError> {
        self.hold_answer(&reply)
    }

    /// The same at once: a transaction awaits nothing before it leaves.
    pub(crate) fn hold_answer<R: Answer>(&self, reply: &R) -> Result<(), HandlerError> {
        let Some(name) = R::NAME else { return Ok(()) };
        let facts = self.facts();
        let Some(address) = facts.reply_to() else {
            self.delivery.scope().services().counters.replies_dropped.add_one();
            return Ok(());
        };
        let Some(body) = reply.encode(&*self.transaction.writer().settings().codec) else { return Ok(()) };
        let body = body.map_err(|error| HandlerError::from(error).permanent())?;
        let draft = Draft::raw(Intent::Command, &*address, name, Ok(body));
        let draft = draft.reply_to(Some(&address), facts.shared_message_id());
        self.transaction.hold(draft).map_err(|error| HandlerError::from(error).permanent())
    }

    /// The sender's id of the message.
    pub fn message_id(&self) -> Option<String> {
        self.facts().message_id().map(Into::into)
    }

    /// What the message belongs to.
    pub fn correlation_id(&self) -> Option<String> {
        self.facts().correlation_id().map(Into::into)
    }

    /// What the correlation id was before the request that this message belongs to.
    pub fn conversation_id(&self) -> Option<String> {
        self.facts().conversation_id().map(Into::into)
    }

    /// The id of the command that this message answers.
    pub fn in_reply_to(&self) -> Option<String> {
        self.facts().in_reply_to().map(Into::into)
    }

    /// The queue that awaits replies.
    pub fn reply_to(&self) -> Option<String> {
        self.facts().reply_to().map(Into::into)
    }

    /// The queue of the endpoint that sent the message.
    pub fn source(&self) -> Option<String> {
        self.facts().originating_address().map(Into::into)
    }

    /// The topic of an event, or the queue of a command.
    pub fn topic(&self) -> String {
        self.facts().topic().into()
    }

    /// Command or event, if the message says so.
    pub fn intent(&self) -> Option<Intent> {
        self.facts().intent()
    }

    /// When the message was sent, if it says so.
    pub fn time_sent(&self) -> Option<OffsetDateTime> {
        self.facts().time_sent()
    }

    /// Which run of a handler this is for the message, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.delivery.attempt()
    }

    /// The header table, as it came.
    pub fn headers(&self) -> &Headers {
        self.delivery.headers()
    }

    /// The message with everything that the broker told about it.
    pub fn received(&self) -> &Received {
        self.delivery.received()
    }

    /// Cancelled when the bus shuts down: a long handler may stop then, and fail, to be run again elsewhere.
    pub fn cancellation(&self) -> &CancellationToken {
        &self.delivery.scope().services().stopping
    }

    fn facts(&self) -> Facts<'_> {
        self.delivery.facts()
    }
}
