use std::{collections::BTreeMap, sync::Arc};

use tokio::time::Instant;

use super::queue::Message;

/// What happens when a time has come.
#[derive(Debug)]
pub(super) enum Timer {
    /// A delayed message becomes ready in its queue.
    Arrive { queue: Arc<str>, message: Message },
    /// The message at this timer's position expires.
    Expire { queue: Arc<str> },
}

/// What is to happen later, in order of time, and of position where the time is the same.
///
/// There is one for each message that is delayed or can expire: as many as the broker holds of those.
#[derive(Debug, Default)]
pub(super) struct Timers(BTreeMap<(Instant, u64), Timer>);

impl Timers {
    /// Adds a timer, and tells whether it is the earliest now.
    pub(super) fn set(&mut self, at: Instant, position: u64, timer: Timer) -> bool {
        let earliest = self.next().is_none_or(|next| at < next);
        self.0.insert((at, position), timer);
        earliest
    }

    pub(super) fn clear(&mut self, at: Instant, position: u64) {
        self.0.remove(&(at, position));
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.0.first_key_value().map(|((at, _), _)| *at)
    }

    /// The first timer, if it is due, and its position.
    pub(super) fn pop_due(&mut self, now: Instant) -> Option<(u64, Timer)> {
        self.0.first_entry().filter(|first| first.key().0 <= now).map(|first| {
            let ((_, position), timer) = first.remove_entry();
            (position, timer)
        })
    }
}
