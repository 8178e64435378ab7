use super::{
    aspect::Aspect,
    results::{Results, Row},
};
use crate::{contestant::Name, job::QueueKind, scenario::Scenario};

/// What is asked of Leveret.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    scenario: Scenario,
    contestant: Name,
    aspect: Aspect,
    beside: Beside,
    bound: Bound,
}

/// What Leveret is compared with.
#[derive(Debug, Clone, Copy)]
enum Beside {
    /// Another contestant, in the same scenario.
    Contestant(Name),
    /// Leveret itself, in another scenario.
    Scenario(Scenario),
    /// Nothing: the value itself counts, with a backlog of at least 100,000.
    LongBacklog,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// A target, and what was measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Verdict {
    pub(super) target: Target,
    pub(super) measured: f64,
}

const MIB: f64 = 1024.0 * 1024.0;

const fn target(scenario: Scenario, aspect: Aspect, beside: Name, bound: Bound) -> Target {
    Target { scenario, contestant: Name::Leveret, aspect, beside: Beside::Contestant(beside), bound }
}

const TARGETS: [Target; 16] = {
    use Aspect::{Latency, Memory, Processor, Rate};
    use Bound::{AtLeast, AtMost};
    use Name::{Amqprs, Lapin, Leveret, LeveretMemory};
    use Scenario::{EndToEnd, Handle1, Handle16, OneByOne, Request, Send, Transactions};
    [
        target(Send, Rate, Amqprs, AtLeast(0.97)),
        target(Send, Rate, Lapin, AtLeast(0.9)),
        target(Send, Processor, Amqprs, AtMost(1.25)),
        target(OneByOne, Latency, Amqprs, AtMost(1.1)),
        Target { beside: Beside::Scenario(Send), ..target(Transactions, Rate, Leveret, AtLeast(0.8)) },
        target(Handle1, Rate, Amqprs, AtLeast(1.3)),
        target(Handle1, Rate, Lapin, AtLeast(1.8)),
        target(Handle1, Processor, Amqprs, AtMost(1.25)),
        Target { beside: Beside::LongBacklog, ..target(Handle1, Memory, Leveret, AtMost(32.0 * MIB)) },
        target(Handle16, Rate, Amqprs, AtLeast(1.3)),
        target(Handle16, Rate, Lapin, AtLeast(1.8)),
        target(Handle16, Processor, Amqprs, AtMost(1.25)),
        Target { beside: Beside::LongBacklog, ..target(Handle16, Memory, Leveret, AtMost(32.0 * MIB)) },
        target(Request, Latency, Amqprs, AtMost(1.15)),
        target(EndToEnd, Processor, Amqprs, AtMost(1.25)),
        Target { contestant: LeveretMemory, ..target(EndToEnd, Rate, Leveret, AtLeast(10.0)) },
    ]
};

/// What became of the targets that this run can tell about.
pub(super) fn verdicts(results: &Results, queue: QueueKind) -> Vec<Verdict> {
    TARGETS.into_iter().filter_map(|target| target.verdict(results, queue)).collect()
}

impl Target {
    fn verdict(self, results: &Results, queue: QueueKind) -> Option<Verdict> {
        let ours = Row { queue, scenario: self.scenario, contestant: self.contestant };
        let measured = match self.beside {
            Beside::Contestant(contestant) => results.ratio(ours, Row { contestant, ..ours }, self.aspect)?,
            Beside::Scenario(scenario) => results.ratio(ours, Row { scenario, ..ours }, self.aspect)?,
            Beside::LongBacklog => {
                results.measured(ours).all(|(_, run)| run.messages >= 100_000).then_some(())?;
                results.median(ours, self.aspect)?
            }
        };
        Some(Verdict { target: self, measured })
    }
}

impl Verdict {
    pub(super) fn is_met(&self) -> bool {
        match self.target.bound {
            Bound::AtLeast(least) => self.measured >= least,
            Bound::AtMost(most) => self.measured <= most,
        }
    }

    pub(super) fn what(&self) -> String {
        let Target { scenario, contestant, aspect, beside, .. } = self.target;
        let aspect = match aspect {
            Aspect::Rate => "rate",
            Aspect::Latency => "p50",
            Aspect::Processor => "CPU per message",
            Aspect::Memory => "peak memory",
        };
        let beside = match beside {
            Beside::Contestant(other) => format!(" beside {}", other.title()),
            Beside::Scenario(other) => format!(" beside \"{}\"", other.title()),
            Beside::LongBacklog => String::new(),
        };
        format!("{}: {aspect} of {}{beside}", scenario.title(), contestant.title())
    }

    pub(super) fn wanted(&self) -> String {
        match self.target.bound {
            Bound::AtLeast(least) => format!("at least {}", self.number(least)),
            Bound::AtMost(most) => format!("at most {}", self.number(most)),
        }
    }

    pub(super) fn found(&self) -> String {
        self.number(self.measured)
    }

    fn number(&self, value: f64) -> String {
        match self.target.beside {
            Beside::LongBacklog => format!("{:.1} MiB", value / MIB),
            Beside::Contestant(_) | Beside::Scenario(_) => format!("{value:.2}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::results::tests::rates, *};

    #[test]
    fn targets_are_met_or_missed_or_not_measured() {
        let results =
            rates(&[(Name::Leveret, &[96, 98, 97]), (Name::Amqprs, &[100; 3]), (Name::Lapin, &[109; 3])]);
        let verdicts = verdicts(&results, QueueKind::Quorum);
        let lines: Vec<_> = verdicts
            .iter()
            .map(|it| format!("{}: {}, {}, {}", it.what(), it.wanted(), it.found(), it.is_met()))
            .collect();
        assert_eq!(
            lines,
            [
                "send, 256 in flight: rate of Leveret beside amqprs: at least 0.97, 0.97, true",
                "send, 256 in flight: rate of Leveret beside lapin: at least 0.90, 0.89, false",
                "send, 256 in flight: CPU per message of Leveret beside amqprs: at most 1.25, 1.00, true",
            ]
        );
    }
}
