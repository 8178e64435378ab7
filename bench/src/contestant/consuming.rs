use std::{pin::Pin, sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use tokio::{
    sync::{Semaphore, oneshot},
    task::JoinHandle,
    time::sleep,
};

use crate::outcome::Outcome;

/// How long the broker gets to take in the last acks. What a quorum queue has not taken in when their channel is closed is
/// forgotten, and its messages come again.
const TAKEN_IN: Duration = Duration::from_millis(500);

/// Messages, until it is enough.
pub(super) type Messages<M> = Pin<Box<dyn Stream<Item = M> + Send>>;

/// A task that consumes, and can be told to stop.
#[derive(Debug)]
pub(super) struct Consuming {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Outcome>,
}

impl Consuming {
    pub(super) fn start<M, F>(
        messages: impl Stream<Item = M> + Send + 'static,
        consume: impl FnOnce(Messages<M>) -> F,
    ) -> Self
    where
        M: 'static,
        F: Future<Output = Outcome> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel::<()>();
        let consume = consume(Box::pin(messages.take_until(stopped)));
        let task = tokio::spawn(async {
            let outcome = consume.await;
            if let Err(error) = &outcome {
                eprintln!("consuming ended: {error}"); // at once: who waits for messages only sees that none come
            }
            outcome
        });
        Self { stop, task }
    }

    /// Waits for what is being handled, and until the broker has its acks.
    pub(super) async fn stop(self) -> Outcome {
        let _ = self.stop.send(());
        self.task.await??;
        sleep(TAKEN_IN).await;
        Ok(())
    }
}

/// Handles each message in a task of its own, so many at a time. Ends when all have ended.
pub(super) async fn each<M, F>(
    mut messages: Messages<M>,
    concurrency: usize,
    handle: impl Fn(M) -> F,
) -> Outcome
where
    F: Future<Output = Outcome> + Send + 'static,
{
    let permits = Arc::new(Semaphore::new(concurrency));
    while let Some(message) = messages.next().await {
        let permit = permits.clone().acquire_owned().await?;
        let handling = handle(message);
        tokio::spawn(async move {
            if let Err(error) = handling.await {
                eprintln!("handling failed: {error}");
            }
            drop(permit);
        });
    }
    drop(permits.acquire_many(concurrency.try_into()?).await?);
    Ok(())
}
