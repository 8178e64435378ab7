//! `leveret error`: what is done with failed messages.

mod json;
mod list;
mod progress;
mod purge;
mod redrive;
mod show;

use leveret::admin::Ending;

use crate::{
    args::{Common, ErrorCommand},
    exit::{Failure, Outcome},
};

pub(crate) async fn run(common: &Common, command: &ErrorCommand) -> Result<Outcome, Failure> {
    match command {
        ErrorCommand::List(options) => list::run(common, options).await,
        ErrorCommand::Show { id } => show::run(common, id).await,
        ErrorCommand::Redrive(options) => redrive::run(common, options).await,
        ErrorCommand::Purge(options) => purge::run(common, options).await,
    }
}

/// Why not everything was looked at; `None` if it was.
fn incomplete(ending: Ending) -> Option<&'static str> {
    match ending {
        Ending::Complete => None,
        Ending::Stopped => Some("interrupted: the rest is still there"),
        Ending::Full => {
            Some("100,000 messages are held, which is the most at a time: the rest was not looked at")
        }
        Ending::OutOfTime => Some(
            "20 minutes are over, and a broker lets nobody hold messages for long: the rest was not looked at",
        ),
        _ => Some("not everything was looked at"),
    }
}

fn plural(count: u64) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}
