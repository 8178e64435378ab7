use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use tokio::{sync::oneshot, time::Instant};

use super::window::Place;
use crate::transport::{Outgoing, PublishErrorKind};

const QUEUED: u8 = 0;
const WRITTEN: u8 = 1;
const ABANDONED: u8 = 2;

/// Whether a message has ever been written. The sender that gives up and the task that writes may come at the same
/// moment, and must not disagree: that makes the difference between `NotSent` and `Unknown`.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress(Arc<AtomicU8>);

impl Progress {
    /// Before each write: whether the message may still be written.
    pub(super) fn write(&self) -> bool {
        self.0
            .compare_exchange(QUEUED, WRITTEN, Ordering::AcqRel, Ordering::Acquire)
            .unwrap_or_else(|now| now)
            != ABANDONED
    }

    /// At the deadline: whether the message was never written; then it never will be.
    pub(super) fn abandon(&self) -> bool {
        self.0.compare_exchange(QUEUED, ABANDONED, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// A message in the window, until the broker has decided about it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) outgoing: Outgoing,
    pub(super) progress: Progress,
    pub(super) reply: oneshot::Sender<Result<(), PublishErrorKind>>,
    /// Its share of the window.
    pub(super) _place: Place,
    /// When it was last written.
    pub(super) written_at: Option<Instant>,
    /// How often a queue has refused it.
    pub(super) refusals: u32,
    /// The topology was declared again for its sake, because the broker did not know its exchange.
    pub(super) declared_again: bool,
}

impl Entry {
    /// Whether anybody still waits for it.
    pub(super) fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    /// Tells the sender, who may be gone.
    pub(super) fn finish(self, result: Result<(), PublishErrorKind>) {
        let _ = self.reply.send(result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_cannot_be_abandoned_and_the_reverse() {
        let progress = Progress::default();
        assert!(progress.write() && progress.write());
        assert!(!progress.abandon());
        let progress = Progress::default();
        assert!(progress.abandon());
        assert!(!progress.write());
    }
}
