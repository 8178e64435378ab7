use serde::Serialize;

use super::{aspect::Aspect, statistics::median};
use crate::{contestant::Name, job::QueueKind, measure::Measurement, run::Turn, scenario::Scenario};

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Results {
    pub(crate) facts: Facts,
    pub(crate) runs: Vec<Run>,
}

/// Where and how it was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Facts {
    /// RabbitMQ's version.
    pub(crate) rabbitmq: String,
    /// The processors of the machine, which the broker and the contestant share.
    pub(crate) cores: usize,
    /// The threads of each contestant's runtime.
    pub(crate) threads: usize,
    /// How many tasks wanted a core before it began, where the system tells: with more than a few the numbers say little.
    pub(crate) load: Option<f64>,
    /// The rounds that count.
    pub(crate) rounds: u32,
}

/// One run that counts.
#[derive(Debug, Serialize)]
pub(crate) struct Run {
    #[serde(flatten)]
    pub(crate) turn: Turn,
    /// What was measured, or why there is no result.
    pub(crate) outcome: Result<Measurement, String>,
}

/// One contestant in one scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) queue: QueueKind,
    pub(super) scenario: Scenario,
    pub(super) contestant: Name,
}

impl Results {
    /// The kinds of queues that have results.
    pub(super) fn queues(&self) -> impl Iterator<Item = QueueKind> {
        let measured = |queue: &QueueKind| self.runs.iter().any(|run| run.turn.queue == *queue);
        QueueKind::ALL.into_iter().filter(measured)
    }

    /// Who was measured there.
    pub(super) fn rows(&self, queue: QueueKind, scenario: Scenario) -> impl Iterator<Item = Row> {
        let rows = Name::ALL.map(|contestant| Row { queue, scenario, contestant });
        rows.into_iter().filter(|row| self.runs.iter().any(|run| run.is_of(*row)))
    }

    /// What was measured of one contestant, by the round. Runs that failed are left out.
    pub(super) fn measured(&self, row: Row) -> impl Iterator<Item = (u32, &Measurement)> {
        let runs = self.runs.iter().filter(move |run| run.is_of(row));
        runs.filter_map(|run| Some((run.turn.round, run.outcome.as_ref().ok()?)))
    }

    /// The values of all rounds.
    pub(super) fn values(&self, row: Row, aspect: Aspect) -> impl Iterator<Item = f64> {
        self.measured(row).filter_map(move |(_, measured)| aspect.value(measured))
    }

    pub(super) fn median(&self, row: Row, aspect: Aspect) -> Option<f64> {
        median(self.values(row, aspect))
    }

    /// How one compares to another: the median of the ratios within each round, which a machine that is slow for a while
    /// does not move.
    pub(super) fn ratio(&self, one: Row, other: Row, aspect: Aspect) -> Option<f64> {
        let ratios = self.measured(one).filter_map(|(round, measured)| {
            let (_, beside) = self.measured(other).find(|(other, _)| *other == round)?;
            Some(aspect.value(measured)? / aspect.value(beside)?)
        });
        median(ratios)
    }

    /// The share of the machine's time that others had during a run: the median, and the most.
    pub(super) fn stolen(&self) -> Option<(f64, f64)> {
        let shares = || self.runs.iter().filter_map(|run| run.outcome.as_ref().ok()?.stolen);
        Some((median(shares())?, shares().fold(0.0, f64::max)))
    }

    /// Why there are fewer results than runs.
    pub(crate) fn failures(&self) -> impl Iterator<Item = (Turn, &str)> {
        self.runs.iter().filter_map(|run| Some((run.turn, run.outcome.as_ref().err()?.as_str())))
    }
}

impl Run {
    fn is_of(&self, row: Row) -> bool {
        let Turn { queue, scenario, contestant, .. } = self.turn;
        row == Row { queue, scenario, contestant }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Rates in the scenario `send`, by the round; 0 is a failure.
    pub(in crate::report) fn rates(of: &[(Name, &[u32])]) -> Results {
        let runs = of.iter().flat_map(|(contestant, rates)| {
            (1..).zip(*rates).map(|(round, rate)| Run {
                turn: Turn {
                    queue: QueueKind::Quorum,
                    scenario: Scenario::Send,
                    round,
                    contestant: *contestant,
                    messages: 1_000,
                },
                outcome: match rate {
                    0 => Err("it <failed>".to_owned()),
                    rate => Ok(Measurement {
                        messages: 1_000,
                        seconds: 1_000.0 / f64::from(*rate),
                        cpu_seconds: 0.5,
                        peak_bytes: Some(8 << 20),
                        stolen: Some(0.02),
                        latency: None,
                    }),
                },
            })
        });
        let facts = Facts { rabbitmq: "4.0.5".to_owned(), cores: 2, threads: 2, load: Some(0.25), rounds: 3 };
        Results { facts, runs: runs.collect() }
    }

    pub(in crate::report) fn row(contestant: Name) -> Row {
        Row { queue: QueueKind::Quorum, scenario: Scenario::Send, contestant }
    }

    #[test]
    fn ratios_are_taken_within_rounds() {
        let results = rates(&[(Name::Leveret, &[10, 20, 300]), (Name::Amqprs, &[10, 10, 100])]);
        let ratio = results.ratio(row(Name::Leveret), row(Name::Amqprs), Aspect::Rate);
        assert!((ratio.unwrap() - 2.0).abs() < 1e-9);
        assert!(results.ratio(row(Name::Leveret), row(Name::Lapin), Aspect::Rate).is_none());
    }

    #[test]
    fn a_round_in_which_one_failed_is_not_compared() {
        let results = rates(&[(Name::Leveret, &[10, 0, 30]), (Name::Amqprs, &[0, 10, 10])]);
        let ratio = results.ratio(row(Name::Leveret), row(Name::Amqprs), Aspect::Rate);
        assert!((ratio.unwrap() - 3.0).abs() < 1e-9);
        assert!((results.median(row(Name::Leveret), Aspect::Rate).unwrap() - 20.0).abs() < 1e-9);
        assert_eq!(results.failures().count(), 2);
        assert_eq!(results.rows(QueueKind::Quorum, Scenario::Send).count(), 2);
        assert_eq!(results.queues().collect::<Vec<_>>(), [QueueKind::Quorum]);
    }
}
