use serde::Serialize;

use crate::{contestant::Name, job::QueueKind, options::Options, scenario::Scenario};

/// The round that warms everything up, and does not count.
const WARM_UP: u32 = 0;

/// One contestant's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Turn {
    pub(crate) queue: QueueKind,
    pub(crate) scenario: Scenario,
    pub(crate) round: u32,
    pub(crate) contestant: Name,
    pub(crate) messages: u64,
}

/// All turns. The contestants of a scenario take turns, so that what disturbs the machine disturbs all alike; and each
/// round begins with another, so that it is not always the same one that comes after a certain other.
pub(super) fn turns(options: &Options) -> Vec<Turn> {
    let first = if options.cold { WARM_UP + 1 } else { WARM_UP };
    let mut turns = Vec::new();
    for queue in options.queues() {
        for scenario in options.scenarios() {
            for round in first..=options.rounds {
                let messages = if round == WARM_UP { options.messages / 10 } else { options.messages };
                let messages = scenario.messages(messages.max(1));
                let mut contestants = options.contestants();
                contestants.retain(|name| name.takes_part(scenario));
                let first = usize::try_from(round).unwrap_or_default() % contestants.len().max(1);
                contestants.rotate_left(first);
                turns.extend(contestants.into_iter().map(|contestant| Turn {
                    queue,
                    scenario,
                    round,
                    contestant,
                    messages,
                }));
            }
        }
    }
    turns
}

impl Turn {
    /// Whether it is measured for the result.
    pub(super) fn counts(&self) -> bool {
        self.round != WARM_UP
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn contestants_take_turns_after_a_short_round_that_does_not_count() {
        let options = ["bench", "--scenario", "handle-1", "--queue", "quorum", "--rounds", "2"];
        let turns = turns(&Options::try_parse_from(options).unwrap());
        let names = [Name::Leveret, Name::Amqprs, Name::Lapin, Name::AmqprsEvery50, Name::LapinEvery50];
        let expected = (0..=2).flat_map(|round: u32| {
            let mut names = names;
            names.rotate_left(round as usize); // each begins once
            names.map(|name| (round, name))
        });
        assert!(turns.iter().map(|turn| (turn.round, turn.contestant)).eq(expected));
        for turn in turns {
            assert_eq!(turn.messages, if turn.counts() { 100_000 } else { 10_000 });
        }
        let cold = Options::try_parse_from(options.iter().chain(&["--cold"])).unwrap();
        assert!(super::turns(&cold).iter().all(Turn::counts));
    }
}
