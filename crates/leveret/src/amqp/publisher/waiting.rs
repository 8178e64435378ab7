use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use super::entry::Entry;

const FIRST_RETRY: Duration = Duration::from_millis(500);
const LONGEST_RETRY: Duration = Duration::from_secs(5);

/// The messages of the window that are not on the wire. Each has its place in the window, so they are bounded.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// To be written, in this order.
    backlog: VecDeque<Entry>,
    /// One of them made the broker close the channel: each is written alone, before the backlog.
    suspects: VecDeque<Entry>,
    /// Refused by a queue, to be written again at a time.
    refused: Vec<(Instant, Entry)>,
}

impl Waiting {
    pub(super) fn push(&mut self, entry: Entry) {
        self.backlog.push_back(entry);
    }

    /// Puts messages before those that have not been written yet.
    pub(super) fn push_first(&mut self, entries: Vec<Entry>) {
        for entry in entries.into_iter().rev() {
            self.backlog.push_front(entry);
        }
    }

    pub(super) fn suspect(&mut self, entries: Vec<Entry>) {
        self.suspects.extend(entries);
    }

    /// A queue has refused it: it waits 0.5 s, and twice as long each time, up to 5 s (design §3).
    pub(super) fn push_refused(&mut self, mut entry: Entry) {
        let pause = FIRST_RETRY.saturating_mul(1 << entry.refusals.min(8)).min(LONGEST_RETRY);
        entry.refusals += 1;
        self.refused.push((Instant::now() + pause, entry));
    }

    /// Whether messages are to be written one at a time.
    pub(super) fn has_suspects(&self) -> bool {
        !self.suspects.is_empty()
    }

    /// The next message to write.
    pub(super) fn pop(&mut self) -> Option<Entry> {
        self.suspects.pop_front().or_else(|| self.backlog.pop_front())
    }

    /// Drops what nobody waits for any more, and puts what has waited long enough after a refusal into the backlog.
    pub(super) fn tidy(&mut self) {
        self.backlog.retain(Entry::is_wanted);
        self.suspects.retain(Entry::is_wanted);
        let now = Instant::now();
        let (due, later): (Vec<_>, Vec<_>) = self.refused.drain(..).partition(|(at, _)| *at <= now);
        self.refused = later.into_iter().filter(|(_, entry)| entry.is_wanted()).collect();
        self.backlog.extend(due.into_iter().map(|(_, entry)| entry));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.backlog.is_empty() && self.suspects.is_empty() && self.refused.is_empty()
    }
}
