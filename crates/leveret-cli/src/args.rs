use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use leveret::admin::Filter;

use crate::{
    age,
    contracts::{Document, Schemas},
    layout::Exchanges,
    topology::Topology,
};

/// Looks after the error queue and the queues of services on RabbitMQ.
#[derive(Debug, Parser)]
#[command(name = "leveret", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  something was left in place, was not found, or was found to be wrong
  2  it could not be done: a mistake in the command, a broker or a queue that is not there";

const HEADING: &str = "The fleet";

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The broker, as in amqp://user:password@host:5672/vhost
    #[arg(
        long,
        global = true,
        help_heading = HEADING,
        env = "LEVERET_URL",
        hide_env_values = true,
        default_value = "amqp://guest:guest@localhost:5672/%2f",
        hide_default_value = true
    )]
    pub(crate) url: String,
    /// The management API, as in http://host:15672; without it the broker's host, with its user and password
    #[arg(long, global = true, help_heading = HEADING, env = "LEVERET_MANAGEMENT_URL", hide_env_values = true)]
    pub(crate) management: Option<String>,
    /// The error queue
    #[arg(long, global = true, help_heading = HEADING, value_name = "NAME", default_value = "error")]
    pub(crate) queue: String,
    /// What the names of the services' headers begin with
    #[arg(long, global = true, help_heading = HEADING, default_value = "PikaBus.")]
    pub(crate) prefix: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Works the error queue
    Error {
        #[command(subcommand)]
        command: ErrorCommand,
    },
    /// Lists the queues: depth, consumers, type
    Queues(Queues),
    /// Looks for what is wrong in the broker
    Doctor(Exchanges),
    /// Tells what a package says on the wire
    Contracts {
        #[command(subcommand)]
        command: ContractsCommand,
    },
    /// Shows what endpoints declare, and compares it with a broker
    Topology(Topology),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ErrorCommand {
    /// Lists failed messages
    List(List),
    /// Shows one failed message with its headers and its body
    Show {
        /// The id of the message
        id: String,
    },
    /// Sends failed messages back to the queues where they failed
    Redrive(Redrive),
    /// Removes failed messages for good
    Purge(Purge),
}

/// Which failed messages are meant.
#[derive(Debug, Args)]
pub(crate) struct FilterArguments {
    /// Only of this message type, as it stands in the list
    #[arg(long = "type", value_name = "TYPE")]
    message_type: Option<String>,
    /// Only what failed in this queue
    #[arg(long, value_name = "QUEUE")]
    source: Option<String>,
    /// Only with this text in the error or in its type, in whatever case
    #[arg(long, value_name = "TEXT")]
    error: Option<String>,
    /// Only what failed longer ago, such as 90s, 15m, 1h30m or 7d
    #[arg(long, value_name = "AGE", value_parser = age::parse)]
    older_than: Option<Duration>,
    /// Only what failed more recently
    #[arg(long, value_name = "AGE", value_parser = age::parse)]
    younger_than: Option<Duration>,
    /// Only with this message id
    #[arg(long)]
    id: Option<String>,
}

impl FilterArguments {
    pub(crate) fn filter(&self) -> Filter {
        let mut filter = Filter::new();
        if let Some(name) = &self.message_type {
            filter = filter.message_type(name);
        }
        if let Some(queue) = &self.source {
            filter = filter.source(queue);
        }
        if let Some(text) = &self.error {
            filter = filter.error_contains(text);
        }
        if let Some(age) = self.older_than {
            filter = filter.older_than(age);
        }
        if let Some(age) = self.younger_than {
            filter = filter.younger_than(age);
        }
        match &self.id {
            Some(id) => filter.id(id),
            None => filter,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
    /// How many to list; the others are counted
    #[arg(long, value_name = "COUNT", default_value_t = 1000)]
    pub(crate) limit: usize,
    /// Writes JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Redrive {
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
    /// All to this queue, wherever they failed
    #[arg(long, value_name = "QUEUE")]
    pub(crate) to: Option<String>,
    /// At most so many
    #[arg(long, value_name = "COUNT")]
    pub(crate) limit: Option<u64>,
    /// Moves nothing, and tells what would be moved
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Purge {
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
    /// Does not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Queues {
    /// Only these; needed where there is no management API, for AMQP cannot list queues
    pub(crate) names: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ContractsCommand {
    /// Writes endpoints, contracts and their JSON Schemas as JSON
    Describe(Source),
    /// Writes the JSON Schemas of contracts
    Schema(Schemas),
    /// Writes a document of AsyncAPI 3.0
    Asyncapi(Document),
    /// Writes a Mermaid flowchart of endpoints, exchanges and queues
    Mermaid(Document),
    /// Writes the snapshot: a JSON file for each contract, to be committed
    Snapshot(Snapshot),
    /// Compares the contracts with the snapshot; ends with 1 on breaking changes
    Check(Check),
}

#[derive(Debug, Args)]
pub(crate) struct Snapshot {
    #[command(flatten)]
    pub(crate) source: Source,
    /// The folder of the snapshot, inside of the package
    #[arg(long, value_name = "FOLDER", default_value = "contracts")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) snapshot: Snapshot,
    /// Ends with 1 on additive changes too: the snapshot must say what the contracts say
    #[arg(long)]
    pub(crate) exact: bool,
}

/// Where it is said what a package sends and handles.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// The package; by default the one in this folder
    #[arg(short, long, value_name = "NAME")]
    pub(crate) package: Option<String>,
    /// Its Cargo.toml, or that of its workspace
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,
    /// Features of the package, with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) features: Vec<String>,
    /// The function of its library that returns the catalogue
    #[arg(long, value_name = "PATH", default_value = "contracts")]
    pub(crate) function: String,
    /// A description as JSON, or - for standard input, instead of a package
    #[arg(long, value_name = "FILE", conflicts_with_all = ["package", "manifest_path", "features", "function"])]
    pub(crate) description: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn global_options_stand_anywhere() {
        let line = [
            "leveret",
            "error",
            "--queue",
            "dead",
            "list",
            "--type",
            "X",
            "--older-than",
            "1h",
            "--url",
            "u",
        ];
        let arguments = Arguments::try_parse_from(line).unwrap();
        assert_eq!((&*arguments.common.queue, &*arguments.common.url), ("dead", "u"));
        let Command::Error { command: ErrorCommand::List(list) } = arguments.command else { panic!() };
        assert!(!list.filter.filter().is_everything());
        assert!(Arguments::try_parse_from(["leveret", "error", "list", "--older-than", "soon"]).is_err());
    }
}
