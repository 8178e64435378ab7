use std::sync::Arc;

use async_trait::async_trait;
use tokio::{
    sync::Notify,
    task::coop,
    time::{Instant, sleep_until},
};

use super::{
    client::{Client, MemorySettle},
    state::{ConsumerId, Next},
};
use crate::transport::{Consumer, Incoming};

#[derive(Debug)]
pub(super) struct MemoryConsumer {
    client: Arc<Client>,
    id: ConsumerId,
    wake: Arc<Notify>,
}

impl MemoryConsumer {
    pub(super) fn new(client: Arc<Client>, id: ConsumerId, wake: Arc<Notify>) -> Self {
        Self { client, id, wake }
    }

    fn look(&self) -> Look {
        let broker = &self.client.broker;
        match broker.with(|state, _| state.next(self.id)) {
            Next::Message(received, tag) => {
                let (broker, queue) = (Arc::clone(broker), Arc::clone(&received.queue));
                Look::Message(Incoming::new(*received, Box::new(MemorySettle { broker, queue, tag })))
            }
            Next::Wait(timer) => Look::Wait(timer),
            Next::End => Look::End,
        }
    }
}

/// What there is for a consumer, as [`Next`] with the message ready to be handed out.
#[expect(clippy::large_enum_variant, reason = "it is taken apart at once")]
enum Look {
    Message(Incoming),
    Wait(Option<Instant>),
    End,
}

#[async_trait]
impl Consumer for MemoryConsumer {
    async fn next(&mut self) -> Option<Incoming> {
        // A full inbox never waits; see the publisher.
        coop::consume_budget().await;
        loop {
            match self.look() {
                Look::Message(incoming) => return Some(incoming),
                Look::End => return None,
                Look::Wait(timer) => tokio::select! {
                    () = self.wake.notified() => {}
                    () = until(timer) => {}
                },
            }
        }
    }

    fn try_next(&mut self) -> Option<Incoming> {
        match self.look() {
            Look::Message(incoming) => Some(incoming),
            Look::Wait(_) | Look::End => None,
        }
    }

    async fn cancel(&mut self) {
        self.client.broker.with(|state, _| state.cancel(self.id));
    }

    async fn close(self: Box<Self>) {}
}

/// What is not settled goes back, whether the consumer was closed or lost.
impl Drop for MemoryConsumer {
    fn drop(&mut self) {
        self.client.broker.with(|state, now| state.drop_consumer(self.id, now));
    }
}

/// Until the broker's next timer; for ever without one.
async fn until(timer: Option<Instant>) {
    match timer {
        Some(timer) => sleep_until(timer).await,
        None => std::future::pending().await,
    }
}
