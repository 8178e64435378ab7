use std::collections::VecDeque;

/// Which message each delivery tag of one channel stands for, and what the broker has said about it.
///
/// AMQP counts the publishes of a channel from 1, in the order in which they are written, and confirms by that number.
/// Whoever writes makes the entry before a confirm can be noted.
#[derive(Debug)]
pub(crate) struct Ledger<T> {
    last_tag: u64,
    /// By tag, ascending.
    pending: VecDeque<Pending<T>>,
}

#[derive(Debug)]
struct Pending<T> {
    tag: u64,
    entry: T,
    returned: bool,
}

/// `basic.ack` or `basic.nack` of publishes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Confirm {
    pub(crate) tag: u64,
    /// Also of all before it.
    pub(crate) multiple: bool,
    pub(crate) ack: bool,
}

/// What the broker has decided about one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It has it, in at least one queue if it was mandatory.
    Confirmed,
    /// No queue got it.
    Returned,
    /// At least one queue refused it.
    Refused,
}

impl<T> Ledger<T> {
    pub(crate) fn new() -> Self {
        Self { last_tag: 0, pending: VecDeque::new() }
    }

    /// Notes the next publish. Tags are assigned in the order of these calls, which must be that of the writes.
    pub(crate) fn begin(&mut self, entry: T) {
        self.last_tag += 1;
        self.pending.push_back(Pending { tag: self.last_tag, entry, returned: false });
    }

    /// Notes a return. It carries no tag; but returns come in the order of their publishes, and each before its own
    /// confirm, so it belongs to the first entry that `matches` and has not been returned yet.
    pub(crate) fn returned(&mut self, matches: impl Fn(&T) -> bool) {
        if let Some(pending) =
            self.pending.iter_mut().find(|pending| !pending.returned && matches(&pending.entry))
        {
            pending.returned = true;
        }
    }

    /// Notes a confirm, and tells what it decides, in the order of the publishes. A tag that is not pending is ignored.
    pub(crate) fn confirm(
        &mut self,
        Confirm { tag, multiple, ack }: Confirm,
        mut decided: impl FnMut(T, Outcome),
    ) {
        let mut decide = |Pending { entry, returned, .. }: Pending<T>| match (returned, ack) {
            (true, _) => decided(entry, Outcome::Returned),
            (false, true) => decided(entry, Outcome::Confirmed),
            (false, false) => decided(entry, Outcome::Refused),
        };
        while multiple && self.pending.front().is_some_and(|first| first.tag < tag) {
            self.pending.pop_front().map(&mut decide);
        }
        // Found at once where the broker confirms in order, which it mostly does.
        let at = match self.pending.front() {
            Some(first) if first.tag == tag => Ok(0),
            _ => self.pending.binary_search_by_key(&tag, |pending| pending.tag),
        };
        at.ok().and_then(|at| self.pending.remove(at)).map(decide);
    }

    /// Gives out everything undecided, in the order of the publishes: the channel is gone.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = T> + use<T> {
        std::mem::take(&mut self.pending).into_iter().map(|pending| pending.entry)
    }

    /// The oldest undecided entry.
    pub(crate) fn oldest(&self) -> Option<&T> {
        self.pending.front().map(|pending| &pending.entry)
    }

    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Outcome::*, *};

    impl<T> Ledger<T> {
        fn decided(&mut self, tag: u64, multiple: bool, ack: bool) -> Vec<(T, Outcome)> {
            let mut decided = Vec::new();
            self.confirm(Confirm { tag, multiple, ack }, |entry, outcome| decided.push((entry, outcome)));
            decided
        }
    }

    fn ledger(entries: &[&'static str]) -> Ledger<&'static str> {
        let mut ledger = Ledger::new();
        for entry in entries {
            ledger.begin(*entry);
        }
        ledger
    }

    #[test]
    fn one_by_one_out_of_order_and_twice() {
        let mut ledger = ledger(&["a", "b", "c"]);
        assert_eq!(ledger.decided(2, false, true), [("b", Confirmed)]);
        assert_eq!(ledger.decided(2, false, true), []);
        assert_eq!(ledger.decided(1, false, false), [("a", Refused)]);
        assert_eq!(ledger.oldest(), Some(&"c"));
        assert_eq!(ledger.decided(9, false, true), []);
    }

    #[test]
    fn multiple_takes_everything_up_to_the_tag() {
        let mut ledger = ledger(&["a", "b", "c"]);
        assert_eq!(ledger.decided(2, true, true), [("a", Confirmed), ("b", Confirmed)]);
        ledger.begin("d");
        assert_eq!(ledger.decided(u64::MAX, true, false), [("c", Refused), ("d", Refused)]);
        assert!(ledger.is_empty());
    }

    #[test]
    fn a_return_belongs_to_the_first_that_matches() {
        let mut ledger = ledger(&["a", "b", "a", "a"]);
        ledger.returned(|entry| *entry == "a");
        ledger.returned(|entry| *entry == "a");
        ledger.returned(|entry| *entry == "z");
        let all = ledger.decided(4, true, true);
        assert_eq!(all, [("a", Returned), ("b", Confirmed), ("a", Returned), ("a", Confirmed)]);
    }

    #[test]
    fn draining_keeps_the_order_and_the_count() {
        let mut ledger = ledger(&["a", "b"]);
        assert_eq!(ledger.drain().collect::<Vec<_>>(), ["a", "b"]);
        ledger.begin("c");
        assert_eq!(ledger.decided(3, false, true), [("c", Confirmed)]);
    }

    proptest! {
        /// Whatever the broker confirms in whatever way, every message is decided at most once, and what is not
        /// decided is drained in order.
        #[test]
        fn every_entry_comes_out_once(confirms in proptest::collection::vec((0_u64..60, any::<bool>(), any::<bool>()), 0..80)) {
            let mut ledger = Ledger::new();
            for entry in 1..=50_u64 {
                ledger.begin(entry);
            }
            let mut out = BTreeSet::new();
            for (tag, multiple, ack) in confirms {
                for (entry, _) in ledger.decided(tag, multiple, ack) {
                    prop_assert!(entry == tag || (multiple && entry < tag));
                    prop_assert!(out.insert(entry));
                }
            }
            let rest: Vec<_> = ledger.drain().collect();
            prop_assert!(rest.is_sorted());
            out.extend(rest);
            prop_assert_eq!(out.len(), 50);
        }
    }
}
