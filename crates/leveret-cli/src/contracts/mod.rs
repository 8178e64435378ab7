//! `leveret contracts`: what a package says on the wire.

use crate::{
    args::ContractsCommand,
    describe::describe,
    exit::{Failure, Outcome},
    out::say,
};

pub(crate) fn run(command: &ContractsCommand) -> Result<Outcome, Failure> {
    match command {
        ContractsCommand::Describe(source) => {
            say(&describe(source)?.description.to_json())?;
            Ok(Outcome::Fine)
        }
    }
}
