use std::{fmt, marker::PhantomData, ops::Deref};

use super::Context;
use crate::{
    message::{Message, Permits, verbs::PublishKind},
    publish::PublishEvent,
};

/// The context in a handler of the service `S`: a [`Context`] with which it publishes its own events, and those of
/// nobody.
///
/// `#[handler]` makes one of each handler's `&Context`, so that publishing an event of another owner does not compile.
/// It turns into a `&Context` wherever one is wanted. What a function publishes that takes a `&Context` is judged when
/// it runs.
pub struct HandlerContext<'a, S: ?Sized> {
    ctx: &'a Context,
    service: PhantomData<fn(&S)>,
}

impl<'a, S: ?Sized> HandlerContext<'a, S> {
    pub(crate) fn new(ctx: &'a Context) -> Self {
        Self { ctx, service: PhantomData }
    }

    /// Publishes an event to whoever subscribed, if the handler succeeds.
    pub fn publish<M: Message>(&self, event: M) -> PublishEvent<'a>
    where
        M::Kind: PublishKind<M>,
        M::Owner: Permits<S>,
    {
        self.ctx.publish(event)
    }
}

impl<S: ?Sized> Deref for HandlerContext<'_, S> {
    type Target = Context;

    fn deref(&self) -> &Context {
        self.ctx
    }
}

impl<S: ?Sized> fmt::Debug for HandlerContext<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ctx.fmt(f)
    }
}
