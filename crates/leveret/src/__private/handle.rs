use std::{
    fmt,
    future::{self, Future},
    marker::PhantomData,
    ops::Deref,
    pin::Pin,
};

use crate::{error::HandlerError, handler::Route};

/// A handler that runs.
pub type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs the handlers of `S`.
///
/// Method lookup finds the second set of methods, behind `Deref`, only where the first does not apply: so a service
/// that is not `Sync` is reported once, by [`Endpoint`](super::Endpoint), and not again by each of its handlers.
pub struct Handlers<S: ?Sized>(PhantomData<fn(&S)>);

/// The runner of a service that is not `Sync`. It satisfies the compiler, and never runs.
#[derive(Debug, Clone, Copy)]
pub struct NotShared;

/// The runner of the handlers of `S`.
pub const fn handlers<S: ?Sized>() -> Handlers<S> {
    Handlers(PhantomData)
}

impl<S: ?Sized> Clone for Handlers<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: ?Sized> Copy for Handlers<S> {}

impl<S: ?Sized> fmt::Debug for Handlers<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handlers")
    }
}

impl<S: ?Sized> Deref for Handlers<S> {
    type Target = NotShared;

    fn deref(&self) -> &NotShared {
        &NotShared
    }
}

impl<S: ?Sized + Sync> Handlers<S> {
    /// Boxed at its own size: one allocation a message, and no message pays for the largest handler.
    pub fn run_on_any_thread<'a, F>(self, handler: F) -> Running<'a, F::Output>
    where
        F: Future + Send + 'a,
    {
        Box::pin(handler)
    }

    /// The future of `dispatch`, as it is.
    pub fn dispatch<F: Future + Send>(self, dispatch: F) -> impl Future<Output = F::Output> + Send {
        dispatch
    }
}

impl NotShared {
    /// Nothing; asks nothing of the handler.
    pub fn run_on_any_thread<'a, F>(self, _: F) -> Running<'a, F::Output>
    where
        F: Future + 'a,
        F::Output: 'a,
    {
        Box::pin(future::pending())
    }

    /// Nothing; asks nothing of the future.
    pub fn dispatch<F: Future>(self, _: F) -> impl Future<Output = F::Output> + Send {
        future::pending()
    }
}

/// A route that is none of the endpoint's own.
pub fn no_route(route: &Route) -> HandlerError {
    HandlerError::from(format!("this endpoint has no handler `{}`", route.handler)).permanent()
}
