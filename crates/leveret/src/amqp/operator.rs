use std::{future::Future, sync::Arc, time::Duration};

use amqprs::channel::QueueDeleteArguments;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use super::{
    channel::Channel,
    connection::{Connected, Link},
    topology::declare_queue,
    trouble::{ServerClose, Trouble, is_final},
};
use crate::{
    headers::Headers,
    topology::Queue,
    transport::{TransportError, TransportErrorKind},
};

/// How long an operation waits for a broker that cannot be reached, before it gives up.
pub(super) const OPERATION_TIMEOUT: Duration = Duration::from_secs(30);
/// Before an interrupted operation is tried again.
const OPERATION_PAUSE: Duration = Duration::from_millis(100);

/// Does single things on the consuming connection, through its interruptions.
#[derive(Clone)]
pub(super) struct Operator {
    pub(super) consuming: Connected,
    /// Nothing new is begun.
    pub(super) closing: CancellationToken,
}

impl Operator {
    /// Does something on the consuming connection; waits for it, and tries again after an interruption, until
    /// [`OPERATION_TIMEOUT`] has passed.
    pub(super) async fn run<T, F>(
        &self,
        action: &str,
        attempt: impl Fn(Arc<Link>) -> F,
    ) -> Result<T, TransportError>
    where
        F: Future<Output = Result<T, TransportErrorKind>>,
    {
        let deadline = Instant::now() + OPERATION_TIMEOUT;
        let mut connected = self.consuming.clone();
        let mut last: Option<TransportErrorKind> = None;
        loop {
            if self.closing.is_cancelled() {
                return Err(TransportErrorKind::Closed.into());
            }
            let link = tokio::select! {
                () = self.closing.cancelled() => return Err(TransportErrorKind::Closed.into()),
                link = timeout_at(deadline, connected.link()) => link,
            };
            match link {
                Ok(Some(link)) => match attempt(link).await {
                    Err(kind) if !is_final(&kind) && Instant::now() < deadline => last = Some(kind),
                    result => return Ok(result?),
                },
                Ok(None) => return Err(TransportErrorKind::Closed.into()),
                Err(_) => {
                    let reason = connected.phase().state().to_string();
                    let waited = TransportErrorKind::Interrupted { action: action.to_owned(), reason };
                    return Err(last.unwrap_or(waited).into());
                }
            }
            sleep(OPERATION_PAUSE).await;
        }
    }
}

/// How many messages are ready in a queue: a passive declare, on a channel of its own.
pub(super) async fn depth(link: &Arc<Link>, queue: &str) -> Result<u32, Trouble> {
    let channel = Channel::open(link).await?;
    let depth = declare_queue(&channel, &Queue::new(queue, Headers::new()), true).await?;
    channel.close().await;
    Ok(depth)
}

/// Deletes a queue. One that is not there is deleted already.
pub(super) async fn delete(link: &Arc<Link>, queue: &str) -> Result<(), Trouble> {
    let channel = Channel::open(link).await?;
    let delete = QueueDeleteArguments::new(queue);
    match channel.call(|raw| async move { raw.queue_delete(delete).await }).await {
        Err(Trouble::Closed(ServerClose { code: 404, .. })) => return Ok(()),
        result => result?,
    };
    channel.close().await;
    Ok(())
}
