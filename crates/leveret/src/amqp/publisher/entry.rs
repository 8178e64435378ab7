use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use tokio::{sync::oneshot, time::Instant};

use super::{ledger::Outcome, window::Place};
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
    /// `None` when its sender has written it itself.
    pub(super) progress: Option<Progress>,
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
    /// A message that has not been written yet.
    pub(super) fn new(
        outgoing: Outgoing,
        reply: oneshot::Sender<Result<(), PublishErrorKind>>,
        place: Place,
    ) -> Self {
        let (written_at, refusals, declared_again) = (None, 0, false);
        Self { outgoing, progress: None, reply, _place: place, written_at, refusals, declared_again }
    }

    /// Before each write: whether it may still be written.
    pub(super) fn may_be_written(&self) -> bool {
        self.progress.as_ref().is_none_or(Progress::write)
    }

    /// Tells the sender what the broker has decided.
    pub(super) fn decided(self, outcome: Outcome) {
        let result = match outcome {
            Outcome::Confirmed => Ok(()),
            Outcome::Returned => Err(PublishErrorKind::Unroutable {
                exchange: self.outgoing.exchange.clone().into(),
                routing_key: self.outgoing.routing_key.clone().into(),
            }),
            Outcome::Refused => Err(PublishErrorKind::Refused),
        };
        self.finish(result);
    }

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
