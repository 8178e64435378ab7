use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use time::OffsetDateTime;

use super::{Draft, SendError, Writer};
use crate::{headers::Value, lazy::Lazy};

macro_rules! builder {
    ($(#[$doc:meta])* $name:ident, $must_use:literal, [$($option:ident)*]) => {
        $(#[$doc])*
        #[must_use = $must_use]
        #[derive(Debug)]
        pub struct $name<'a> {
            writer: &'a Writer,
            draft: Lazy<'a, Draft, Result<(), SendError>>,
        }

        impl<'a> $name<'a> {
            pub(super) fn new(writer: &'a Writer, draft: Draft) -> Self {
                Self { writer, draft: Lazy::Draft(draft) }
            }

            $(builder!(@option $option);)*

            /// Adds a header, or replaces one of the standard ones. At most 255 bytes of name; text, numbers, tables.
            pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
                let value = value.into();
                self.draft.edit(|draft| draft.header(name, value));
                self
            }

            /// How long the broker may take to confirm the message, instead of the bus' `publish_timeout` (30 s).
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.draft.edit(|draft| draft.timeout = Some(timeout));
                self
            }

            /// What the message belongs to, instead of what a handler inherits, or the message's own id.
            pub fn correlation_id(mut self, id: impl Into<String>) -> Self {
                let id = id.into();
                self.draft.edit(|draft| draft.correlation_id = Some(id.into()));
                self
            }

            /// How urgent it is, 0 to 255; what that means is up to the queue.
            pub fn priority(mut self, priority: u8) -> Self {
                self.draft.edit(|draft| draft.priority = Some(priority));
                self
            }
        }

        impl Future for $name<'_> {
            type Output = Result<(), SendError>;

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                let writer = self.writer;
                self.draft.poll(cx, |draft| writer.write(draft))
            }
        }
    };
    (@option to) => {
        /// Sends it to this queue instead of the endpoint that the contract names.
        pub fn to(mut self, queue: &str) -> Self {
            self.draft.edit(|draft| draft.set_address(queue));
            self
        }
    };
    (@option exchange) => {
        /// Publishes it to this exchange instead of the fleet's own.
        pub fn exchange(mut self, name: &str) -> Self {
            self.draft.edit(|draft| draft.exchange = Some(name.into()));
            self
        }
    };
    (@option delay) => {
        /// Holds it back until this much time has passed: 397 days at most, zero is now. It reaches its queue by name,
        /// and no `exchange` then.
        pub fn delay(mut self, delay: Duration) -> Self {
            self.draft.edit(|draft| draft.delay = Some(delay));
            self
        }

        /// Holds it back until this time, a [`time::OffsetDateTime`] or a [`std::time::SystemTime`]. What lies in the
        /// past is now.
        pub fn at(mut self, time: impl Into<OffsetDateTime>) -> Self {
            let rest = Duration::try_from(time.into() - OffsetDateTime::now_utc());
            self.draft.edit(|draft| draft.delay = Some(rest.unwrap_or_default()));
            self
        }
    };
    (@option expires_in) => {
        /// After this much time nobody handles it any more.
        ///
        /// It travels as the header `ExpiresAt` and is checked before handling. To a queue chosen with `to` the AMQP
        /// expiration is set as well; not otherwise, because an endpoint's queue moves what expires there into the
        /// error queue.
        pub fn expires_in(mut self, life: Duration) -> Self {
            self.draft.edit(|draft| draft.expires_in = Some(life));
            self
        }
    };
    (@option mandatory) => {
        /// Whether it is an error when no queue takes it.
        pub fn mandatory(mut self, mandatory: bool) -> Self {
            self.draft.edit(|draft| draft.mandatory = mandatory);
            self
        }
    };
}

builder! {
    /// A command about to be sent: a future that resolves once the broker has it.
    ///
    /// Nothing is sent before it is awaited. Dropping it half-way may or may not have sent the message.
    SendCommand, "nothing is sent until this is awaited: `bus.send(..).await?`",
    [to exchange delay expires_in mandatory]
}
builder! {
    /// An event about to be published: a future that resolves once the broker has it.
    ///
    /// Nothing is published before it is awaited. Dropping it half-way may or may not have published the event.
    PublishEvent, "nothing is published until this is awaited: `bus.publish(..).await?`",
    [exchange expires_in mandatory]
}
builder! {
    /// A command about to be deferred: a future that resolves once the broker holds it.
    ///
    /// Nothing is deferred before it is awaited. Dropping it half-way may or may not have deferred the message.
    DeferCommand, "nothing is deferred until this is awaited: `bus.defer(..).await?`",
    [to expires_in]
}
builder! {
    /// A reply about to be sent: a future that resolves once it is part of the handler's transaction.
    SendReply, "nothing is replied until this is awaited: `ctx.reply(..).await?`",
    [expires_in mandatory]
}
