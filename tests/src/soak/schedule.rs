use std::time::Duration;

use super::{faults::Fault, options::FaultKind, random::Random};

/// The faults of a run, one after another, as they follow from the seed: each kind once in every round, in an order of
/// its own. Endless.
#[derive(Debug)]
pub(super) struct Schedule {
    kinds: Vec<FaultKind>,
    round: Vec<FaultKind>,
    random: Random,
}

/// One fault, and how long all goes well before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) pause: Duration,
    pub(super) fault: Fault,
}

impl Schedule {
    pub(super) fn new(seed: u64, kinds: &[FaultKind]) -> Self {
        Self { kinds: kinds.to_vec(), round: Vec::new(), random: Random::new(seed) }
    }
}

impl Iterator for Schedule {
    type Item = Step;

    /// `None` only where no kind is wanted.
    fn next(&mut self) -> Option<Step> {
        if self.round.is_empty() {
            self.round.clone_from(&self.kinds);
        }
        if self.round.is_empty() {
            return None;
        }
        let random = &mut self.random;
        let kind = self.round.swap_remove(random.below(self.round.len()));
        let pause = random.millis(1_000, 4_000);
        let fault = match kind {
            FaultKind::Kill => Fault::Kill { down: random.millis(0, 3_000) },
            FaultKind::Stop => Fault::Stop { down: random.millis(0, 3_000) },
            FaultKind::Close => Fault::CloseAll,
            FaultKind::CloseOne => Fault::CloseOne { pick: random.below(1_000) },
            FaultKind::Channel => Fault::CloseChannel { pick: random.below(1_000) },
            // Up to three heartbeats: the short ones are sat out, the long ones lose the connections.
            FaultKind::Freeze => Fault::Freeze { lasts: random.millis(500, 15_000) },
            // Some longer than it takes to notice that nothing is confirmed.
            FaultKind::Alarm => Fault::Alarm { lasts: random.millis(500, 8_000) },
        };
        Some(Step { pause, fault })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_gives_one_schedule_with_every_kind_in_each_round() {
        let steps = |seed| Schedule::new(seed, &FaultKind::ALL).take(70).collect::<Vec<_>>();
        assert_eq!(steps(7), steps(7));
        assert_ne!(steps(7), steps(8));
        for round in steps(7).chunks(FaultKind::ALL.len()) {
            let kinds: BTreeSet<&str> = round.iter().map(|step| step.fault.kind().name()).collect();
            assert_eq!(kinds.len(), FaultKind::ALL.len());
        }
    }

    #[test]
    fn without_kinds_there_are_no_faults() {
        assert_eq!(Schedule::new(7, &[]).next(), None);
    }
}
