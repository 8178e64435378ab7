use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::remembered::{Attempt, Known, Remembered};

/// Keeps a message that the broker delivers again from being handled again, where this process knows better: its twin
/// was done and only the acknowledgement was lost, or is still in process (design §4).
#[derive(Debug)]
pub(super) struct Twins(Mutex<Remembered<oneshot::Sender<()>>>);

impl Twins {
    pub(super) fn new(prefetch: u16) -> Self {
        Self(Mutex::new(Remembered::new(prefetch.into())))
    }

    /// Whether a message that came again by the connection `epoch` is done already. Waits for a twin that is in process;
    /// one that comes to nothing leaves the message to be handled.
    pub(super) async fn is_done(&self, attempt: &Attempt, epoch: u64) -> bool {
        loop {
            match self.lock().recall(attempt, epoch) {
                Known::Done => return true,
                Known::Nothing => return false,
                Known::Running => {}
            }
            let (ended, end) = oneshot::channel();
            if self.lock().wait(attempt, ended).is_ok() {
                // An error is an end as well.
                let _ = end.await;
            }
        }
    }

    /// An attempt begins, by a delivery of the connection `epoch`.
    pub(super) fn begin(&self, attempt: Attempt, epoch: u64) -> Running<'_> {
        self.lock().begin(attempt.clone());
        Running { twins: self, attempt, epoch, succeeded: false }
    }

    fn lock(&self) -> MutexGuard<'_, Remembered<oneshot::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An attempt in process. Ends when dropped, whatever became of it.
pub(super) struct Running<'a> {
    twins: &'a Twins,
    attempt: Attempt,
    epoch: u64,
    succeeded: bool,
}

impl Running<'_> {
    /// The handler succeeded. Only that is remembered: a message that was moved may come back by a redrive, with the
    /// same id, and must be handled then.
    pub(super) fn succeeded(mut self) {
        self.succeeded = true;
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        // Bound before they are told: the lock is free by then.
        let waiting = self.twins.lock().end(&self.attempt, self.epoch, self.succeeded);
        for twin in waiting {
            let _ = twin.send(()); // it may have been returned meanwhile
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> Attempt {
        Attempt { message_id: "id".into(), failures: 0 }
    }

    #[tokio::test]
    async fn a_twin_waits_and_takes_the_outcome() {
        let twins = Twins::new(1);
        for succeeded in [true, false] {
            let running = twins.begin(attempt(), 1);
            let again = attempt();
            let (twin, ()) = tokio::join!(twins.is_done(&again, 2), async {
                tokio::task::yield_now().await;
                if succeeded { running.succeeded() } else { drop(running) }
            });
            assert_eq!(twin, succeeded);
        }
    }
}
