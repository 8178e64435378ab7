//! `leveret contracts`: what a package says on the wire.

mod documents;

pub(crate) use self::documents::{Document, Schemas};
use crate::{
    args::{Common, ContractsCommand},
    describe::describe,
    exit::{Failure, Outcome},
    out::say,
};

pub(crate) fn run(common: &Common, command: &ContractsCommand) -> Result<Outcome, Failure> {
    match command {
        ContractsCommand::Describe(source) => {
            say(&describe(source)?.description.to_json())?;
            Ok(Outcome::Fine)
        }
        ContractsCommand::Schema(schemas) => documents::schemas(schemas),
        ContractsCommand::Asyncapi(document) => documents::asyncapi(common, document),
        ContractsCommand::Mermaid(document) => documents::mermaid(common, document),
    }
}
