use std::{sync::Arc, time::Duration};

use leveret::{admin::ErrorQueue, amqp::AmqpOptions, transport::Transport};

use crate::{args::Common, exit::Failure};

/// Somebody waits at a terminal.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the broker may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(10);

pub(crate) async fn connect(common: &Common) -> Result<Arc<dyn Transport>, Failure> {
    let options = AmqpOptions::from_url(&common.url)?;
    Ok(options.connection_name("leveret-cli").start_timeout(PATIENCE).connect().await?)
}

/// Does something with the error queue, and disconnects, whatever comes of it.
pub(crate) async fn with_errors<T>(
    common: &Common,
    work: impl AsyncFnOnce(ErrorQueue) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let transport = connect(common).await?;
    let errors = ErrorQueue::new(transport.clone()).name(&common.queue).header_prefix(&common.prefix);
    let outcome = work(errors).await;
    transport.close(FAREWELL).await;
    outcome
}
