use std::collections::{HashMap, HashSet};

use crate::headers::Text;

/// How many requests that gave up are remembered, to know their late replies.
const MAX_ABANDONED: usize = 10_000;

/// The requests that await a reply, by correlation id. Pure: `W` is whatever wakes the one who waits.
#[derive(Debug)]
pub(super) struct Pending<W> {
    waiting: HashMap<Text, W>,
    /// Requests that gave up. Their endpoint may still answer.
    abandoned: HashSet<Text>,
    /// There are more unanswered requests than those that are remembered.
    overflowed: bool,
}

/// What a reply means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Arrival<W> {
    /// Somebody waits for it.
    Awaited(W),
    /// Its request gave up, or was never made here.
    Late,
}

impl<W> Pending<W> {
    pub(super) fn new() -> Self {
        Self { waiting: HashMap::new(), abandoned: HashSet::new(), overflowed: false }
    }

    pub(super) fn wait(&mut self, id: Text, waiter: W) {
        self.waiting.insert(id, waiter);
    }

    pub(super) fn arrive(&mut self, id: &str) -> Arrival<W> {
        match self.waiting.remove(id) {
            Some(waiter) => Arrival::Awaited(waiter),
            None => {
                self.abandoned.remove(id);
                Arrival::Late
            }
        }
    }

    /// The request gave up. `sent` tells whether anybody may still answer it.
    pub(super) fn give_up(&mut self, id: &Text, sent: bool) {
        if self.waiting.remove(id).is_some() && sent {
            if self.abandoned.len() < MAX_ABANDONED {
                self.abandoned.insert(id.clone());
            } else {
                self.overflowed = true;
            }
        }
    }

    /// Whether every request that was sent has its reply: only then may the reply queue be deleted (design §2).
    pub(super) fn all_answered(&self) -> bool {
        self.waiting.is_empty() && self.abandoned.is_empty() && !self.overflowed
    }

    /// Forgets who waits, which tells them that no reply will come. Their endpoints may still answer.
    pub(super) fn close(&mut self) {
        self.overflowed |= !self.waiting.is_empty();
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_finds_its_request_once() {
        let mut pending = Pending::new();
        pending.wait("a".into(), 1);
        pending.wait("b".into(), 2);
        assert_eq!(pending.arrive("b"), Arrival::Awaited(2));
        assert_eq!(pending.arrive("b"), Arrival::Late);
        assert!(!pending.all_answered());
        assert_eq!(pending.arrive("a"), Arrival::Awaited(1));
        assert!(pending.all_answered());
    }

    #[test]
    fn what_gave_up_stays_unanswered_until_its_late_reply() {
        let mut pending = Pending::new();
        pending.wait("sent".into(), ());
        pending.wait("never left".into(), ());
        pending.give_up(&"sent".into(), true);
        pending.give_up(&"never left".into(), false);
        assert!(!pending.all_answered());
        assert_eq!(pending.arrive("sent"), Arrival::Late);
        assert!(pending.all_answered());
    }

    /// A shutdown that was given up half-way comes again, and must not find everything answered.
    #[test]
    fn what_a_close_forgot_stays_unanswered() {
        let mut pending = Pending::new();
        pending.close();
        assert!(pending.all_answered());
        pending.wait("a".into(), ());
        pending.close();
        pending.give_up(&"a".into(), true);
        assert!(!pending.all_answered());
    }

    #[test]
    fn what_gave_up_is_remembered_within_a_bound() {
        let mut pending = Pending::new();
        for n in 0..=MAX_ABANDONED {
            pending.wait(n.to_string().into(), ());
            pending.give_up(&n.to_string().into(), true);
        }
        assert_eq!(pending.abandoned.len(), MAX_ABANDONED);
        for n in 0..=MAX_ABANDONED {
            pending.arrive(&n.to_string());
        }
        assert!(!pending.all_answered(), "one of them was forgotten");
    }
}
