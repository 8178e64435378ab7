//! Provides a RabbitMQ for the tests, which start their own private nodes of it.

mod debian;
mod docker;
pub(crate) mod find;
mod homebrew;

use std::path::PathBuf;

use crate::step;

/// The folder of `rabbitmq-server`: found, or installed in the first way that works here.
pub(crate) fn provide() -> Result<PathBuf, String> {
    if let Some(folder) = find::folder()? {
        step::announce(&format!("RabbitMQ is in {}", folder.display()));
        return Ok(folder);
    }
    step::announce("no RabbitMQ here: installing one");
    let mut reasons = Vec::new();
    for install in [debian::install, homebrew::install, docker::install] {
        match install() {
            Ok(folder) => return Ok(folder),
            Err(reason) => reasons.push(format!("  {reason}\n")),
        }
    }
    Err(format!(
        "RabbitMQ could not be installed:\n{}Install RabbitMQ 3.10 or newer (https://www.rabbitmq.com/docs/download), \
         or set {} to the folder of an existing `rabbitmq-server`.",
        reasons.concat(),
        find::VARIABLE
    ))
}

/// What an installation left where it should.
fn found() -> Result<PathBuf, String> {
    find::folder()?.ok_or_else(|| "it is installed, but rabbitmq-server is in no usual folder".to_owned())
}
