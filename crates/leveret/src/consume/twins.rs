use std::{
    hash::RandomState,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use super::remembered::{Attempt, Known, Remembered};
use crate::headers::Text;

/// Keeps a message that the broker delivers again from being handled again, where this process knows better: its twin
/// was done and only the acknowledgement was lost, or is still in process (design §4).
#[derive(Debug)]
pub(super) struct Twins {
    remembered: Mutex<Remembered<oneshot::Sender<bool>>>,
    keys: RandomState,
}

impl Twins {
    pub(super) fn new(prefetch: u16) -> Self {
        Self { remembered: Mutex::new(Remembered::new(prefetch.into())), keys: RandomState::new() }
    }

    /// An attempt at the message with this id, which has failed so often before.
    pub(super) fn attempt(&self, message_id: Text, failures: u32) -> Attempt {
        Attempt::new(message_id, failures, &self.keys)
    }

    /// Whether a message that came by the connection `epoch` is done already. Waits for a twin that is in process, and
    /// takes its outcome; one that comes to nothing leaves the message to be handled. `None` once the message has come
    /// again by a later connection: that one waits in its place.
    pub(super) async fn is_done(&self, attempt: &Attempt, epoch: u64) -> Option<bool> {
        loop {
            match self.lock().recall(attempt, epoch) {
                Known::Done => return Some(true),
                Known::Nothing => return Some(false),
                Known::Running => {}
            }
            let (ended, end) = oneshot::channel();
            // Told, and not recalled: several may wait, and what is remembered is told by the one that ran.
            if self.lock().wait(attempt, epoch, ended).is_ok() && end.await.ok()? {
                return Some(true);
            }
        }
    }

    /// Waits for the end of what is in process of an attempt, however it ends.
    pub(super) async fn is_over(&self, attempt: &Attempt, epoch: u64) {
        let (ended, end) = oneshot::channel();
        if self.lock().wait(attempt, epoch, ended).is_ok() {
            let _ = end.await; // it may have been dropped for a later connection, which is an end as well
        }
    }

    /// An attempt begins, by a delivery of the connection `epoch`.
    pub(super) fn begin(&self, attempt: Attempt, epoch: u64) -> Running<'_> {
        self.lock().begin(attempt.clone());
        Running { twins: self, attempt, epoch, end: End::Nothing }
    }

    fn lock(&self) -> MutexGuard<'_, Remembered<oneshot::Sender<bool>>> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt in process. Ends when dropped, whatever became of it.
pub(super) struct Running<'a> {
    twins: &'a Twins,
    attempt: Attempt,
    epoch: u64,
    end: End,
}

/// What became of an attempt.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// Its message is to be handled again.
    Nothing,
    /// Its message is moved or discarded.
    Moved,
    /// Its handler has succeeded.
    Succeeded,
}

impl Running<'_> {
    /// The handler succeeded. Only that is remembered: a message that was moved may come back by a redrive, with the
    /// same id, and must be handled then.
    pub(super) fn succeeded(mut self) {
        self.end = End::Succeeded;
    }

    /// The handler failed, and the message is settled all the same.
    pub(super) fn moved(mut self) {
        self.end = End::Moved;
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Bound before they are told: the lock is free by then.
        let waiting = self.twins.lock().end(&self.attempt, self.epoch, self.end == End::Succeeded);
        for twin in waiting {
            let _ = twin.send(self.end != End::Nothing); // it may have been returned meanwhile
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(twins: &Twins) -> Attempt {
        twins.attempt("id".into(), 0)
    }

    #[tokio::test]
    async fn all_twins_wait_and_take_the_outcome() {
        let twins = Twins::new(1);
        for (end, done) in [(End::Succeeded, true), (End::Moved, true), (End::Nothing, false)] {
            let (mut running, again) = (twins.begin(attempt(&twins), 1), attempt(&twins));
            let (one, other, ()) = tokio::join!(twins.is_done(&again, 2), twins.is_done(&again, 2), async {
                tokio::task::yield_now().await;
                running.end = end;
                drop(running);
            });
            assert_eq!((one, other), (Some(done), Some(done)));
            twins.lock().recall(&again, 2);
        }
    }

    #[tokio::test]
    async fn a_later_connection_takes_the_place_of_an_earlier_one() {
        let twins = Twins::new(1);
        let again = attempt(&twins);
        let running = twins.begin(attempt(&twins), 1);
        let (stale, twin, ()) = tokio::join!(twins.is_done(&again, 2), twins.is_done(&again, 3), async {
            tokio::task::yield_now().await;
            running.succeeded();
        });
        assert_eq!((stale, twin), (None, Some(true)));
        assert_eq!(twins.is_done(&again, 4).await, Some(true), "the ack of the twin may be lost as well");
    }
}
