use std::{path::PathBuf, time::Duration};

use clap::{Parser, Subcommand, value_parser};

use crate::{contestant::Name, job::QueueKind, scenario::Scenario};

/// Measures Leveret, amqprs by hand and lapin by hand, doing the same work on a private RabbitMQ, turn by turn.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench")]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// What to measure; may be given several times. Everything, unless said otherwise.
    #[arg(long = "scenario", value_enum)]
    scenarios: Vec<Scenario>,
    /// Whom to measure; may be given several times. All, unless said otherwise.
    #[arg(long = "contestant", value_enum)]
    contestants: Vec<Name>,
    /// On which queues; may be given several times. Both, unless said otherwise.
    #[arg(long = "queue", value_enum)]
    queues: Vec<QueueKind>,
    /// How often each contestant has its turn, after one that does not count.
    #[arg(long, default_value_t = 3, value_parser = value_parser!(u32).range(1..=100))]
    pub(crate) rounds: u32,
    /// Without the turns that do not count: only to see whether everything works.
    #[arg(long)]
    pub(crate) cold: bool,
    /// Messages of a run; backlogs have five times as many, round trips a tenth.
    #[arg(long, default_value_t = 20_000, value_parser = value_parser!(u64).range(1..=1_000_000))]
    pub(crate) messages: u64,
    /// How many seconds a run may take.
    #[arg(long, default_value_t = 120, value_parser = value_parser!(u64).range(1..=3_600))]
    limit: u64,
    /// The folder for the results, made if it is not there.
    #[arg(long, default_value = "target/bench")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// One run of one contestant: what the program starts itself.
    #[command(hide = true)]
    Run { job: String },
}

impl Options {
    pub(crate) fn scenarios(&self) -> Vec<Scenario> {
        chosen(&Scenario::ALL, &self.scenarios)
    }

    pub(crate) fn contestants(&self) -> Vec<Name> {
        chosen(&Name::ALL, &self.contestants)
    }

    pub(crate) fn queues(&self) -> Vec<QueueKind> {
        chosen(&QueueKind::ALL, &self.queues)
    }

    pub(crate) fn limit(&self) -> Duration {
        Duration::from_secs(self.limit)
    }
}

/// Those that were named, or all; in the usual order, each once.
fn chosen<T: Copy + PartialEq>(all: &[T], named: &[T]) -> Vec<T> {
    all.iter().copied().filter(|one| named.is_empty() || named.contains(one)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from(["bench"].iter().chain(arguments))
    }

    #[test]
    fn everything_is_measured_unless_said_otherwise() {
        let options = parse(&[]).unwrap();
        assert_eq!(options.scenarios(), Scenario::ALL);
        assert_eq!(options.contestants(), Name::ALL);
        assert_eq!(options.queues(), QueueKind::ALL);
        let options =
            parse(&["--scenario", "handle-16", "--scenario", "send", "--queue", "classic"]).unwrap();
        assert_eq!(options.scenarios(), [Scenario::Send, Scenario::Handle16]);
        assert_eq!(options.queues(), [QueueKind::Classic]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for wrong in [["--rounds", "0"], ["--messages", "0"], ["--scenario", "sending"], ["--limit", "0"]] {
            assert!(parse(&wrong).is_err(), "{wrong:?}");
        }
    }
}
