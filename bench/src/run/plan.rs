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

/// All turns. The contestants of a scenario take turns, so that what disturbs the machine disturbs all alike.
pub(super) fn turns(options: &Options) -> Vec<Turn> {
    let first = if options.cold { WARM_UP + 1 } else { WARM_UP };
    let mut turns = Vec::new();
    for queue in options.queues() {
        for scenario in options.scenarios() {
            for round in first..=options.rounds {
                let messages = if round == WARM_UP { options.messages / 10 } else { options.messages };
                let messages = scenario.messages(messages.max(1));
                let contestants = options.contestants();
                let taking_part = contestants.into_iter().filter(|name| name.takes_part(scenario));
                turns.extend(taking_part.map(|contestant| Turn {
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
        let expected = (0..=2).flat_map(|round| names.map(|name| (round, name)));
        assert!(turns.iter().map(|turn| (turn.round, turn.contestant)).eq(expected));
        for turn in turns {
            assert_eq!(turn.messages, if turn.counts() { 100_000 } else { 10_000 });
        }
        let cold = Options::try_parse_from(options.iter().chain(&["--cold"])).unwrap();
        assert!(super::turns(&cold).iter().all(Turn::counts));
    }
}
