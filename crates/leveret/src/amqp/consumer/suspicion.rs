use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use crate::amqp::{connection::Link, trouble::Trouble};

/// A connection that is lost this soon after a queue was consumed may have been lost by what came out of the queue.
const SOON: Duration = Duration::from_secs(2);
/// So many such losses within this time are no accident any more.
const LOSSES: usize = 5;
const WITHIN: Duration = Duration::from_secs(60);
/// The first pause of a queue that is found guilty, and the longest. Not longer: a quorum queue gets rid of the message
/// by its delivery limit, after 20 losses in all.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// What became of the messages of a queue while it was consumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// The broker was told that one is done with: acknowledged or rejected, not returned.
    Made,
    /// There were some, and none is done with.
    Stuck,
    /// There were none at the beginning.
    Idle,
}

/// How a consuming channel came to be of no use any more.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) trouble: Trouble,
    pub(super) progress: Progress,
    /// The connection was lost, and the broker did not say that it closes it.
    pub(super) without_a_word: bool,
}

impl Broken {
    pub(super) fn new(trouble: Trouble, progress: Progress, link: &Link) -> Self {
        let without_a_word = matches!(trouble, Trouble::Lost(_)) && !link.is_closed_by_broker();
        Self { trouble, progress, without_a_word }
    }
}

/// Whether a queue holds a message that kills each connection that it is delivered on: one with a header that amqprs
/// cannot decode (hazard H12).
///
/// All consumers of a connection see it die. So one that has seen too much of it is consumed on a connection of its
/// own: if that is lost as well, the queue is to blame, and only it has to wait. Pure.
#[derive(Debug, Default)]
pub(super) struct Suspicion {
    losses: VecDeque<Instant>,
    /// How many connections of its own the queue has killed.
    killed: u32,
}

impl Suspicion {
    /// A connection was lost without a word of the broker, after the queue was consumed on it for this long.
    pub(super) fn lost(&mut self, after: Duration, progress: Progress, now: Instant) {
        match progress {
            Progress::Made => *self = Self::default(),
            _ if after > SOON => *self = Self::default(),
            Progress::Idle => {}
            Progress::Stuck if self.isolates() => self.killed = self.killed.saturating_add(1),
            Progress::Stuck => {
                self.losses.push_back(now);
                self.losses.retain(|loss| now.saturating_duration_since(*loss) <= WITHIN);
            }
        }
    }

    /// Whether the queue must be consumed on a connection of its own.
    pub(super) fn isolates(&self) -> bool {
        self.losses.len() >= LOSSES
    }

    /// How long the queue must be left alone; `None` while it is not found guilty.
    pub(super) fn pause(&self) -> Option<Duration> {
        let doublings = self.killed.checked_sub(1)?.min(10);
        Some(FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE))
    }

    /// What to tell of a queue that is found guilty.
    pub(super) fn verdict(&self, queue: &str) -> String {
        let losses = LOSSES.saturating_add(usize::try_from(self.killed).unwrap_or(usize::MAX));
        format!(
            "the queue `{queue}` is not consumed for {:?}: {losses} connections in a row were lost as soon as it was; \
             perhaps a message in it has a header that is no UTF-8, which amqprs cannot decode",
            self.pause().unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Progress::*, *};

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn five_quick_losses_isolate_and_each_further_one_pauses_longer() {
        let (mut suspicion, now) = (Suspicion::default(), Instant::now());
        for _ in 0..4 {
            suspicion.lost(seconds(1), Stuck, now);
            assert!(!suspicion.isolates());
        }
        suspicion.lost(seconds(1), Stuck, now);
        assert!(suspicion.isolates());
        assert_eq!(suspicion.pause(), None, "its neighbours have seen the same, and may be to blame");
        let pauses = [2, 4, 8, 16, 32, 60, 60].map(|pause| {
            suspicion.lost(seconds(0), Stuck, now);
            (suspicion.pause(), Some(seconds(pause)))
        });
        assert!(pauses.iter().all(|(pause, expected)| pause == expected), "{pauses:?}");
        assert!(suspicion.verdict("orders").contains("`orders` is not consumed for 60s: 12 connections"));
    }

    #[test]
    fn a_connection_that_lives_clears_the_queue() {
        let (mut suspicion, now) = (Suspicion::default(), Instant::now());
        for after in [0, 0, 0, 0, 3, 0, 0, 0, 0] {
            suspicion.lost(seconds(after), Stuck, now);
        }
        assert!(!suspicion.isolates());
        suspicion.lost(seconds(0), Stuck, now);
        suspicion.lost(seconds(0), Stuck, now);
        assert!(suspicion.isolates() && suspicion.pause().is_some());
        suspicion.lost(seconds(3), Stuck, now);
        assert!(!suspicion.isolates() && suspicion.pause().is_none());
    }

    #[test]
    fn a_queue_that_makes_progress_is_innocent_and_an_empty_one_no_witness() {
        for (fifth, isolates) in [(Made, false), (Idle, true)] {
            let (mut suspicion, now) = (Suspicion::default(), Instant::now());
            for progress in [Stuck, Stuck, Stuck, Stuck, fifth, Stuck] {
                assert!(!suspicion.isolates());
                suspicion.lost(seconds(0), progress, now);
            }
            assert_eq!(suspicion.isolates(), isolates, "{fifth:?}");
        }
        let (mut suspicion, now) = (Suspicion::default(), Instant::now());
        (0..50).for_each(|_| suspicion.lost(seconds(0), Idle, now));
        assert!(!suspicion.isolates());
    }

    #[test]
    fn rare_losses_are_accidents() {
        let (mut suspicion, mut now) = (Suspicion::default(), Instant::now());
        for _ in 0..50 {
            suspicion.lost(seconds(0), Stuck, now);
            now += seconds(16);
            assert!(!suspicion.isolates());
        }
    }
}
