use crate::{
    context::{Context, HandlerContext},
    error::HandlerError,
    message::{Answer, Promise},
};

/// `_` as wide as the user's tokens: it carries their place into an error without repeating them.
pub type Same<T> = T;

/// What a handler returned, with the contract that asks for it.
#[derive(Debug)]
pub struct Kept<M, R, E> {
    result: Result<R, E>,
    _promise: Promise<M, R>,
}

/// The return type that a contract asks for: a `Result` with the promised reply, and any error.
#[diagnostic::on_unimplemented(
    message = "the handler of `{M}` must return `Result<{R}, HandlerError>`",
    label = "this is not what the contract of `{M}` promises",
    note = "the reply is declared with the message: `#[message(command, endpoint = \"..\", reply = ..)]`; the handler of a message without `reply` returns `Result<(), HandlerError>`"
)]
pub trait Returns<M, R>: Sized {
    #[doc(hidden)]
    type Error;

    #[doc(hidden)]
    fn keep(promise: Promise<M, R>, returned: Self) -> Kept<M, R, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<M, R, T: Holds<R>> Returns<M, R> for T {
    type Error = T::Error;

    fn keep(promise: Promise<M, R>, returned: Self) -> Kept<M, R, T::Error> {
        Kept { result: returned.held(), _promise: promise }
    }
}

/// Apart from [`Returns`], since rustc lists the implementations of the trait that failed, unless they are blanket.
pub trait Holds<R> {
    #[doc(hidden)]
    type Error;

    #[doc(hidden)]
    fn held(self) -> Result<R, Self::Error>;
}

#[diagnostic::do_not_recommend]
impl<R, E> Holds<R> for Result<R, E> {
    type Error = E;

    fn held(self) -> Self {
        self
    }
}

/// An error that a handler may fail with. Apart from [`Returns`], so that each of the two has words of its own.
#[diagnostic::on_unimplemented(
    message = "the handler of `{M}` cannot fail with `{Self}`",
    label = "`{Self}` does not turn into a `HandlerError`",
    note = "return `HandlerError`, or implement `std::error::Error` for `{Self}`; `anyhow::Error`, `String` and `&str` will do as well"
)]
pub trait Fails<M>: Sized {
    #[doc(hidden)]
    fn settle<R: Answer>(kept: Kept<M, R, Self>, ctx: &Context) -> Result<(), HandlerError>;
}

#[diagnostic::do_not_recommend]
impl<M, E: Into<HandlerError>> Fails<M> for E {
    fn settle<R: Answer>(kept: Kept<M, R, Self>, ctx: &Context) -> Result<(), HandlerError> {
        ctx.hold_answer(&kept.result.map_err(Into::into)?)
    }
}

/// What may follow the message in a handler's parameters.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a handler",
    label = "a handler takes the message and, if it wants it, the context",
    note = "write `ctx: &Context`; what the service needs besides belongs in its struct, behind `&self`"
)]
pub trait Argument<'a> {
    /// What it is in the handlers of `S`.
    #[doc(hidden)]
    type Known<S: ?Sized>;

    #[doc(hidden)]
    fn from_context(ctx: &'a Context) -> Self;

    #[doc(hidden)]
    fn known_by<S: ?Sized>(self) -> Self::Known<S>;
}

#[diagnostic::do_not_recommend]
impl<'a> Argument<'a> for &'a Context {
    type Known<S: ?Sized> = HandlerContext<'a, S>;

    fn from_context(ctx: &'a Context) -> Self {
        ctx
    }

    fn known_by<S: ?Sized>(self) -> HandlerContext<'a, S> {
        HandlerContext::new(self)
    }
}

/// What each type parameter of a generic service must be, since its handlers run at the same time on several threads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be part of a service",
    label = "`{Self}` is not `Send + Sync + 'static`",
    note = "handlers run at the same time on several threads: share it in an `Arc`, guard it with a `Mutex`"
)]
pub trait Shared: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Shared for T {}
