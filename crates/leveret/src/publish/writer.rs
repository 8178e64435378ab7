use std::{future::ready, sync::Arc, time::Duration};

use super::{
    DeferCommand, Draft, Held, Inherited, Outlet, Prepared, PublishEvent, SendCommand, SendError, SendReply,
    Settings, Sink,
};
use crate::{
    envelope::{Intent, Received},
    headers::Text,
    lazy::BoxFuture,
    message::{
        Message,
        verbs::{DeferKind, PublishKind, ReplyKind, SendKind},
    },
};

/// Writes messages for one sender: a bus, a transaction, or a handler.
#[derive(Debug)]
pub(crate) struct Writer {
    outlet: Arc<Outlet>,
    /// Where what it writes waits, if it is for a transaction.
    held: Option<Held>,
    /// What the handler handles that writes: what it sends belongs to that.
    handled: Option<Arc<Received>>,
}

impl Writer {
    pub(crate) fn new(outlet: Arc<Outlet>) -> Self {
        Self { outlet, held: None, handled: None }
    }

    /// The same writer inside a handler: what it writes belongs to the message that is handled.
    pub(crate) fn inheriting(mut self, handled: Arc<Received>) -> Self {
        self.handled = Some(handled);
        self
    }

    /// A writer for a transaction, which holds back what it writes.
    pub(crate) fn holding(outlet: Arc<Outlet>) -> Self {
        Self { outlet, held: Some(Held::default()), handled: None }
    }

    /// What it holds back.
    pub(crate) fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.outlet.settings
    }

    /// Where its messages leave.
    pub(crate) fn sink(&self) -> &dyn Sink {
        &*self.outlet.sink
    }

    pub(crate) fn inherited(&self) -> Option<Inherited> {
        let received = self.handled.as_deref()?;
        Some(Inherited::from_message(received, received.facts(&self.settings().names)))
    }

    pub(crate) fn send<M: Message>(&self, command: &M) -> SendCommand<'_>
    where
        M::Kind: SendKind<M>,
    {
        SendCommand::new(self, Draft::of(command, self.settings()))
    }

    pub(crate) fn publish<M: Message>(&self, event: &M) -> PublishEvent<'_>
    where
        M::Kind: PublishKind<M>,
    {
        PublishEvent::new(self, Draft::of(event, self.settings()))
    }

    pub(crate) fn defer<M: Message>(&self, command: &M, delay: Duration) -> DeferCommand<'_>
    where
        M::Kind: DeferKind<M>,
    {
        DeferCommand::new(self, Draft::of(command, self.settings()).delayed(delay))
    }

    pub(crate) fn reply<M: Message>(
        &self,
        reply: &M,
        address: Option<&str>,
        command: Option<Text>,
    ) -> SendReply<'_>
    where
        M::Kind: ReplyKind<M>,
    {
        SendReply::new(self, Draft::of(reply, self.settings()).reply_to(address, command))
    }

    pub(crate) fn send_raw(&self, queue: &str, message_type: &str, body: Vec<u8>) -> SendCommand<'_> {
        SendCommand::new(self, Draft::raw(Intent::Command, queue, message_type, Ok(body)))
    }

    pub(crate) fn publish_raw(&self, topic: &str, message_type: &str, body: Vec<u8>) -> PublishEvent<'_> {
        PublishEvent::new(self, Draft::raw(Intent::Event, topic, message_type, Ok(body)))
    }

    /// Stamps and routes a draft, and hands it over. What it needs for that is gone before the broker is waited for: no
    /// future carries it.
    pub(crate) fn write(&self, draft: Draft) -> BoxFuture<'_, Result<(), SendError>> {
        let prepared = match self.finish(draft) {
            Ok(prepared) => prepared,
            Err(error) => return Box::pin(ready(Err(error))),
        };
        match &self.held {
            None => self.sink().accept(prepared),
            Some(held) => {
                held.push(prepared);
                Box::pin(ready(Ok(())))
            }
        }
    }

    /// Stamps and routes a draft.
    pub(crate) fn finish(&self, draft: Draft) -> Result<Prepared, SendError> {
        draft.finish(self.settings(), self.inherited().as_ref())
    }
}
