use std::{collections::BTreeMap, fs, path::PathBuf};

use clap::Args;
use leveret::contracts::Documents;

use crate::{
    args::{Common, Source},
    describe::describe,
    exit::{Failure, Outcome},
    layout::Exchanges,
    out::say,
};

/// A document of the whole catalogue.
#[derive(Debug, Args)]
pub(crate) struct Document {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    exchanges: Exchanges,
    /// Writes it there instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// JSON Schemas.
#[derive(Debug, Args)]
pub(crate) struct Schemas {
    #[command(flatten)]
    source: Source,
    /// Only of this contract, by its name on the wire
    #[arg(long, value_name = "NAME")]
    contract: Option<String>,
    /// Writes them there instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn asyncapi(common: &Common, options: &Document) -> Result<Outcome, Failure> {
    let layout = options.exchanges.layout(common)?;
    let description = describe(&options.source)?.description;
    let documents = Documents::of(&description).layout(layout).header_prefix(&common.prefix);
    let document = documents.asyncapi().map_err(|error| error.to_string())?;
    write(options.out.as_ref(), &format!("{document:#}\n"))
}

pub(super) fn mermaid(common: &Common, options: &Document) -> Result<Outcome, Failure> {
    let layout = options.exchanges.layout(common)?;
    let description = describe(&options.source)?.description;
    write(options.out.as_ref(), &Documents::of(&description).layout(layout).mermaid())
}

/// The schema of one contract, or all by their names.
pub(super) fn schemas(options: &Schemas) -> Result<Outcome, Failure> {
    let description = describe(&options.source)?.description;
    description.check().map_err(|error| error.to_string())?;
    let schemas: BTreeMap<_, _> =
        description.contracts.iter().map(|contract| (contract.name.as_str(), &contract.schema)).collect();
    let text = match &options.contract {
        None => serde_json::to_string_pretty(&schemas),
        Some(name) => match schemas.get(name.as_str()) {
            Some(schema) => serde_json::to_string_pretty(schema),
            None => {
                let names: Vec<&str> = schemas.keys().copied().collect();
                return Err(format!("there is no contract `{name}`: name one of {}", names.join(", ")).into());
            }
        },
    };
    let text = text.map_err(|error| format!("a schema cannot be written: {error}"))?;
    write(options.out.as_ref(), &(text + "\n"))
}

fn write(file: Option<&PathBuf>, text: &str) -> Result<Outcome, Failure> {
    match file {
        None => say(text)?,
        Some(file) => {
            fs::write(file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?
        }
    }
    Ok(Outcome::Fine)
}
