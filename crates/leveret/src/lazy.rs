//! Builders that are futures.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

/// A future that is somewhere else: whoever holds it stays small.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A draft that can be edited until it is first polled, and is then carried out.
///
/// The verbs of the bus return builders around it. They are futures themselves, and not only `IntoFuture`, so that
/// rustc proposes `.await` where it was forgotten.
pub(crate) enum Lazy<'a, D, T> {
    Draft(D),
    Running(BoxFuture<'a, T>),
    Finished,
}

impl<'a, D, T> Lazy<'a, D, T> {
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut D)) {
        if let Self::Draft(draft) = self {
            change(draft);
        }
    }

    /// Begins with `carry_out`, if that is still to do, and goes on.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        carry_out: impl FnOnce(D) -> BoxFuture<'a, T>,
    ) -> Poll<T> {
        if let Self::Draft(_) = self
            && let Self::Draft(draft) = std::mem::replace(self, Self::Finished)
        {
            *self = Self::Running(carry_out(draft));
        }
        let Self::Running(running) = self else {
            return Poll::Pending; // polled again after its end, which nobody may do
        };
        let outcome = running.as_mut().poll(cx);
        if outcome.is_ready() {
            *self = Self::Finished;
        }
        outcome
    }
}

impl<D: fmt::Debug, T> fmt::Debug for Lazy<'_, D, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Draft(draft) => draft.fmt(f),
            Self::Running(_) => f.write_str("Running"),
            Self::Finished => f.write_str("Finished"),
        }
    }
}
