use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use super::{RequestError, Requester};
use crate::{
    codec::CodecError,
    headers::Value,
    lazy::Lazy,
    message::{Answer, Message, Raw},
    publish::{Draft, Writer},
};

/// A request about to be made: a future that resolves to the reply.
///
/// Nothing is sent before it is awaited. Dropping it gives the request up; the command may have been sent.
#[must_use = "nothing is requested until this is awaited: `bus.request(..).await?`"]
pub struct Request<'a, R>(Lazy<'a, Box<Parts<'a, R>>, Result<R, RequestError>>);

pub(super) struct Parts<'a, R> {
    pub(super) requester: &'a Requester,
    pub(super) writer: &'a Writer,
    pub(super) draft: Draft,
    pub(super) timeout: Option<Duration>,
    /// Decodes without a bound on `R`, so that the builder needs none either.
    pub(super) decode: fn(Raw<'_>) -> Result<R, CodecError>,
}

impl<'a, R: 'static> Request<'a, R> {
    /// Sends with `writer`, outside any transaction: the reply is awaited now.
    pub(crate) fn new<M: Message<Reply = R>>(
        requester: &'a Requester,
        writer: &'a Writer,
        command: &M,
    ) -> Self
    where
        R: Answer,
    {
        let draft = Draft::of(command, writer.settings());
        Self(Lazy::Draft(Box::new(Parts { requester, writer, draft, timeout: None, decode: R::read })))
    }

    /// How long to wait for the reply, instead of the bus' `request_timeout` (30 s).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.edit(|parts| parts.timeout = Some(timeout));
        self
    }

    /// Sends it to this queue instead of the endpoint that the contract names.
    pub fn to(mut self, queue: &str) -> Self {
        self.0.edit(|parts| parts.draft.set_address(queue));
        self
    }

    /// Adds a header. At most 255 bytes of name.
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.0.edit(|parts| parts.draft.header(name, value));
        self
    }
}

impl<R: Send + 'static> Future for Request<'_, R> {
    type Output = Result<R, RequestError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx, |parts| Box::pin(parts.requester.request(*parts)))
    }
}

impl<R> fmt::Debug for Request<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Request").field(&self.0).finish()
    }
}

impl<R> fmt::Debug for Parts<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.draft.fmt(f)
    }
}
