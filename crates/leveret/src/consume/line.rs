use std::{
    fmt,
    future::{Future, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use tokio::{
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    task::unconstrained,
};

/// The line of messages that wait for their turn to be handled: as many handlers run as there are permits.
#[derive(Debug)]
pub(super) struct Line(Arc<Semaphore>);

/// Lets one handler run, until it is dropped.
pub(super) type Permit = OwnedSemaphorePermit;

/// A place in the line. Dropping it leaves the line.
pub(super) enum Place {
    /// Its turn has come.
    First(Permit),
    Waiting(Pin<Box<dyn Future<Output = Result<Permit, AcquireError>> + Send + Sync>>),
}

impl Line {
    pub(super) fn new(permits: usize) -> Self {
        Self(Arc::new(Semaphore::new(permits)))
    }

    /// Takes a place now, and not when it is first awaited: so handlers begin in the order in which their messages
    /// came, in whatever order the runtime runs their tasks.
    pub(super) fn up(&self) -> Place {
        // Overtakes nobody: while somebody waits, a permit that is given back is theirs.
        if let Ok(permit) = self.0.clone().try_acquire_owned() {
            return Place::First(permit);
        }
        let mut turn = Box::pin(unconstrained(self.0.clone().acquire_owned()));
        match turn.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(permit) => Place::Waiting(Box::pin(ready(permit))),
            Poll::Pending => Place::Waiting(turn), // in the line; whoever awaits it gets woken
        }
    }
}

impl Place {
    /// Waits for the turn; `None` never comes, since the line is never closed.
    pub(super) async fn turn(self) -> Option<Permit> {
        match self {
            Self::First(permit) => Some(permit),
            Self::Waiting(turn) => turn.await.ok(),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_are_served_in_the_order_in_which_they_were_taken() {
        let line = Line::new(1);
        let running = line.up().turn().await.unwrap();
        let (first, second) = (line.up(), line.up());
        let mut second = Box::pin(second.turn());
        drop(running);
        assert!(futures_util::poll!(&mut second).is_pending(), "the first has not even been awaited yet");
        drop(first);
        assert!(second.await.is_some());
    }
}
