use std::{pin::Pin, sync::Arc};

use futures_util::{Stream, StreamExt};
use tokio::{
    sync::{Semaphore, oneshot},
    task::JoinHandle,
};

use crate::outcome::Outcome;

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

    /// Waits for what is being handled.
    pub(super) async fn stop(self) -> Outcome {
        let _ = self.stop.send(());
        self.task.await?
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
