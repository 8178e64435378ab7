//! RabbitMQ's management API: what AMQP cannot tell.

mod client;
mod model;
mod target;

use crate::{args::Common, exit::Failure};

pub(crate) use self::client::Client;
pub(crate) use self::model::{Binding, Declared, Queue, Snapshot};
#[cfg(test)]
pub(crate) use self::model::{Exchange, Node};
use self::target::Target;

/// Asks for what stands in the virtual host. `Err` inside tells why it could not be asked, where nobody said that there
/// is a management API; outside, where somebody did.
pub(crate) async fn ask<T: Send + 'static>(
    common: &Common,
    question: impl FnOnce(&Client) -> Result<T, String> + Send + 'static,
) -> Result<Result<T, String>, Failure> {
    let target = Target::of(&common.url, common.management.as_deref())?;
    let base = target.base.clone();
    let asked = tokio::task::spawn_blocking(move || question(&Client::new(target))).await;
    let answer = asked.map_err(|error| Failure::Said(format!("the management API: {error}")))?;
    match answer {
        Err(reason) if common.management.is_some() => {
            Err(Failure::Said(format!("the management API at {base}: {reason}")))
        }
        Err(reason) => Ok(Err(format!("the management API at {base}: {reason}"))),
        Ok(answer) => Ok(Ok(answer)),
    }
}
