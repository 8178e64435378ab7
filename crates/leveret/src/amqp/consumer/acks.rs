use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use crate::transport::Settlement;

/// What to tell the broker about the deliveries of one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// `basic.ack`, with `multiple` also for everything before.
    Ack { tag: u64, multiple: bool },
    /// `basic.nack` with requeue.
    Return { tag: u64 },
    /// `basic.reject` without requeue.
    Reject { tag: u64 },
}

/// The deliveries of one channel that are not settled on the wire yet.
///
/// Acks are collected, because one frame for many is the best that can be done for throughput; but one ack for many
/// only ever covers a prefix that is done to its end (design §4).
#[derive(Debug, Default)]
pub(crate) struct AckLedger {
    /// By tag, ascending. Mostly without gaps, so a tag is found by counting.
    open: VecDeque<Open>,
    /// The tags of what is done, in that order. They stay for a while when they are told.
    done_first: VecDeque<u64>,
    done: usize,
    newest: u64,
}

/// A delivery that the broker still counts as unsettled.
#[derive(Debug)]
struct Open {
    tag: u64,
    /// Since when it is done by us, and not told to the broker.
    done: Option<Instant>,
}

impl AckLedger {
    /// A message came. Tags grow.
    pub(crate) fn delivered(&mut self, tag: u64) {
        self.open.push_back(Open { tag, done: None });
        self.newest = tag;
    }

    /// A message was settled. What must not wait comes back at once. Settling twice, or what never came, is nothing.
    pub(crate) fn settle(&mut self, tag: u64, settlement: Settlement, now: Instant) -> Option<Notice> {
        let at = self.find(tag)?;
        let open = self.open.get_mut(at).filter(|open| open.done.is_none())?;
        let notice = match settlement {
            Settlement::Done => {
                open.done = Some(now);
                self.done_first.push_back(tag);
                self.done += 1;
                return None;
            }
            Settlement::Return => Notice::Return { tag },
            Settlement::Reject => Notice::Reject { tag },
        };
        self.open.remove(at);
        Some(notice)
    }

    /// How many acks wait to be told.
    pub(crate) fn waiting(&self) -> usize {
        self.done
    }

    /// Since when the ack waits that has waited longest.
    pub(crate) fn oldest(&mut self) -> Option<Instant> {
        self.oldest_done().and_then(|at| self.open.get(at)?.done)
    }

    /// Gives out waiting acks, until there are none to give: one for the finished prefix, then, behind unfinished
    /// deliveries, single ones for what has waited for `patience`, the longest first.
    pub(crate) fn flush(&mut self, now: Instant, patience: Duration) -> Option<Notice> {
        if self.done == 0 {
            return None;
        }
        let mut prefix = None;
        while let Some(first) = self.open.front().filter(|first| first.done.is_some()) {
            prefix = Some(Notice::Ack { tag: first.tag, multiple: prefix.is_some() });
            self.open.pop_front();
            self.done -= 1;
        }
        prefix.or_else(|| {
            let at = self.oldest_done()?;
            let since = self.open.get(at)?.done?;
            (now.saturating_duration_since(since) >= patience).then_some(())?;
            self.done -= 1;
            self.open.remove(at).map(|open| Notice::Ack { tag: open.tag, multiple: false })
        })
    }

    /// How many unfinished deliveries have been passed by `others` that came later. Behind them each takes an ack of its
    /// own.
    pub(crate) fn passed_by(&self, others: u64) -> usize {
        let Some(last) = self.newest.checked_sub(others) else { return 0 };
        self.open.iter().take_while(|open| open.tag <= last).filter(|open| open.done.is_none()).count()
    }

    /// How many deliveries are neither done nor given back.
    pub(crate) fn unfinished(&self) -> usize {
        self.open.len() - self.done
    }

    /// Where the one stands that was done first of those that are not told.
    fn oldest_done(&mut self) -> Option<usize> {
        while let Some(tag) = self.done_first.front() {
            if let Some(at) = self.find(*tag) {
                return Some(at);
            }
            self.done_first.pop_front(); // it is told
        }
        None
    }

    fn find(&self, tag: u64) -> Option<usize> {
        let at = usize::try_from(tag.checked_sub(self.open.front()?.tag)?).ok()?;
        match self.open.get(at) {
            Some(open) if open.tag == tag => Some(at),
            _ => self.open.binary_search_by_key(&tag, |open| open.tag).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn ledger(tags: u64) -> AckLedger {
        let mut ledger = AckLedger::default();
        (1..=tags).for_each(|tag| ledger.delivered(tag));
        ledger
    }

    fn settle(ledger: &mut AckLedger, tag: u64, settlement: Settlement) -> Option<Notice> {
        ledger.settle(tag, settlement, Instant::now())
    }

    fn flushed(ledger: &mut AckLedger) -> Vec<Notice> {
        std::iter::from_fn(|| ledger.flush(Instant::now(), Duration::ZERO)).collect()
    }

    #[test]
    fn a_finished_prefix_is_one_ack() {
        let mut ledger = ledger(4);
        for tag in [3, 1, 2] {
            assert_eq!(settle(&mut ledger, tag, Settlement::Done), None);
        }
        assert_eq!(ledger.waiting(), 3);
        assert_eq!(flushed(&mut ledger), [Notice::Ack { tag: 3, multiple: true }]);
        assert_eq!(flushed(&mut ledger), []);
        assert_eq!(ledger.unfinished(), 1);
    }

    #[test]
    fn behind_an_unfinished_one_each_is_told_by_itself() {
        let mut ledger = ledger(5);
        for tag in [1, 3, 5] {
            settle(&mut ledger, tag, Settlement::Done);
        }
        let single = |tag| Notice::Ack { tag, multiple: false };
        assert_eq!(flushed(&mut ledger), [single(1), single(3), single(5)]);
        settle(&mut ledger, 2, Settlement::Done);
        assert_eq!(flushed(&mut ledger), [single(2)]);
    }

    #[test]
    fn what_may_still_become_a_prefix_waits() {
        let (mut ledger, start) = (ledger(7), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        let flushed = |ledger: &mut AckLedger, millis| -> Vec<Notice> {
            std::iter::from_fn(|| ledger.flush(at(millis), Duration::from_millis(10))).collect()
        };
        for (tag, millis) in [(3, 1), (5, 2), (1, 3), (6, 4)] {
            ledger.settle(tag, Settlement::Done, at(millis));
        }
        let single = |tag| Notice::Ack { tag, multiple: false };
        assert_eq!(ledger.oldest(), Some(at(1)));
        assert_eq!(flushed(&mut ledger, 11), [single(1), single(3)]);
        assert_eq!((ledger.oldest(), ledger.waiting()), (Some(at(2)), 2));
        for tag in [2, 4] {
            ledger.settle(tag, Settlement::Done, at(5));
        }
        assert_eq!(flushed(&mut ledger, 11), [Notice::Ack { tag: 6, multiple: true }]);
        assert_eq!((ledger.oldest(), ledger.waiting(), ledger.unfinished()), (None, 0, 1));
    }

    #[test]
    fn a_slow_one_is_passed_by_others_until_it_is_done() {
        let mut ledger = ledger(6);
        for tag in [1, 3, 4, 6] {
            settle(&mut ledger, tag, Settlement::Done);
        }
        for (others, slow) in [(0, 2), (1, 2), (2, 1), (4, 1), (5, 0), (7, 0)] {
            assert_eq!(ledger.passed_by(others), slow, "by {others}");
        }
        settle(&mut ledger, 2, Settlement::Done);
        assert_eq!(ledger.passed_by(2), 0);
    }

    #[test]
    fn returns_and_rejections_do_not_wait_and_nothing_is_settled_twice() {
        let mut ledger = ledger(3);
        assert_eq!(settle(&mut ledger, 2, Settlement::Return), Some(Notice::Return { tag: 2 }));
        assert_eq!(settle(&mut ledger, 2, Settlement::Done), None);
        assert_eq!(settle(&mut ledger, 1, Settlement::Reject), Some(Notice::Reject { tag: 1 }));
        assert_eq!(settle(&mut ledger, 9, Settlement::Return), None);
        settle(&mut ledger, 3, Settlement::Done);
        assert_eq!(settle(&mut ledger, 3, Settlement::Return), None);
        assert_eq!(flushed(&mut ledger), [Notice::Ack { tag: 3, multiple: false }]);
        assert_eq!(ledger.unfinished(), 0);
    }

    proptest! {
        /// The broker, told like this, forgets exactly what was done, whenever we flush.
        #[test]
        fn the_broker_forgets_what_is_done_and_nothing_else(steps in proptest::collection::vec((1_u64..30, 0_u8..4), 0..80)) {
            let mut ledger = ledger(29);
            let mut unacked: BTreeSet<u64> = (1..30).collect();
            let mut settled = BTreeSet::new();
            for (tag, step) in steps {
                let notices = match step {
                    0 => flushed(&mut ledger),
                    1 => Vec::from_iter(settle(&mut ledger, tag, Settlement::Return)),
                    _ => Vec::from_iter(settle(&mut ledger, tag, Settlement::Done)),
                };
                if step > 0 {
                    settled.insert(tag);
                }
                for notice in notices {
                    match notice {
                        Notice::Ack { tag, multiple: true } => unacked.retain(|open| *open > tag),
                        Notice::Ack { tag, .. } | Notice::Return { tag } | Notice::Reject { tag } => {
                            prop_assert!(unacked.remove(&tag));
                        }
                    }
                    prop_assert!((1..30).all(|tag| unacked.contains(&tag) || settled.contains(&tag)));
                }
            }
            let _ = flushed(&mut ledger).into_iter().map(|notice| match notice {
                Notice::Ack { tag, multiple: true } => unacked.retain(|open| *open > tag),
                Notice::Ack { tag, .. } | Notice::Return { tag } | Notice::Reject { tag } => drop(unacked.remove(&tag)),
            }).count();
            prop_assert!((1..30).all(|tag| unacked.contains(&tag) != settled.contains(&tag)));
        }
    }
}
