//! Which kind goes with which verb: one trait for each, so that the compiler can say what to do instead.

use super::{
    Message,
    kind::{Any, Broken, Command, Event, Reply},
};

/// Nobody can grant a kind another verb.
mod sealed {
    pub trait Allows<const VERB: u8> {}
}

macro_rules! verb {
    (
        $(#[$doc:meta])*
        $verb:literal $name:ident for $kind:ident;
        $message:literal $(, $note:literal)*
    ) => {
        $(#[$doc])*
        #[diagnostic::on_unimplemented(message = $message, label = "its kind is `{Self}`" $(, note = $note)*)]
        pub trait $name<M: ?Sized>: sealed::Allows<$verb> {}

        verb!(@allow $verb $name $kind);
        verb!(@allow $verb $name Broken);
    };
    (@allow $verb:literal $name:ident $kind:ident) => {
        impl sealed::Allows<$verb> for $kind {}

        #[diagnostic::do_not_recommend]
        impl<M: ?Sized> $name<M> for $kind {}
    };
}

verb! {
    /// Kinds that can be sent.
    0 SendKind for Command;
    "`{M}` is not a command, so it cannot be sent",
    "an event belongs to whoever subscribes: use `publish`; a reply to whoever asked: return it from the handler, or use `ctx.reply(..)`",
    "if `{M}` asks one endpoint to do something, declare it `#[message(command, endpoint = \"..\")]`"
}
verb! {
    /// Kinds that can be deferred.
    1 DeferKind for Command;
    "`{M}` is not a command, so it cannot be deferred",
    "defer a command to your own endpoint, and publish the event, or send the reply, from its handler"
}
verb! {
    /// Kinds that can be published.
    2 PublishKind for Event;
    "`{M}` is not an event, so it cannot be published",
    "a command belongs to one endpoint: use `send`; a reply to whoever asked: return it from the handler, or use `ctx.reply(..)`",
    "if `{M}` tells what has happened, declare it `#[message(event, topic = \"..\")]`"
}
verb! {
    /// Kinds that can be subscribed to.
    3 SubscribeKind for Event;
    "`{M}` is not an event, so nobody can subscribe to it",
    "a command reaches its endpoint by itself, and a reply whoever asked: remove this call"
}
verb! {
    /// Kinds that can be replied.
    4 ReplyKind for Reply;
    "`{M}` is not a reply, so nobody can be answered with it",
    "a command goes to its endpoint: use `ctx.send(..)`; an event to whoever subscribes: use `ctx.publish(..)`",
    "if `{M}` answers a command, declare it `#[message(reply)]`"
}
verb! {
    /// Kinds that can be requested.
    5 RequestKind for Command;
    "`{M}` is not a command, so it cannot be requested",
    "nobody answers an event: use `publish`; nor a reply: return it from the handler, or use `ctx.reply(..)`",
    "if `{M}` asks one endpoint for an answer, declare it `#[message(command, endpoint = \"..\", reply = ..)]`"
}

/// Commands that promise a reply. Apart from [`RequestKind`], and true for the kinds that it refuses, so that only one
/// of the two speaks.
#[diagnostic::on_unimplemented(
    message = "`{M}` promises no reply, so it cannot be requested",
    label = "`{M}` is declared without `reply = ..`",
    note = "use `send`, or declare it `#[message(command, endpoint = \"..\", reply = ..)]`"
)]
pub trait PromisesReply<M: ?Sized> {}

#[diagnostic::do_not_recommend]
impl<M: Message<Reply: Message>> PromisesReply<M> for Command {}

macro_rules! not_judged_here {
    ($($kind:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<M: ?Sized> PromisesReply<M> for $kind {}
    )*};
}
not_judged_here!(Event, Reply, Any, Broken);
