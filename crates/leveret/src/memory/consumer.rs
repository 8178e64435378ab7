use std::{collections::VecDeque, sync::Arc};

use async_trait::async_trait;
use tokio::{
    sync::Notify,
    task::coop,
    time::{Instant, sleep_until},
};

use super::{
    client::{Client, Source},
    state::{ConsumerId, Delivered, Next},
};
use crate::transport::{Consumer, Incoming};

#[derive(Debug)]
pub(super) struct MemoryConsumer {
    client: Arc<Client>,
    source: Arc<Source>,
    id: ConsumerId,
    wake: Arc<Notify>,
    /// What was taken out of the broker's inbox for this consumer, all that was there at once: at most the prefetch.
    burst: VecDeque<Delivered>,
}

impl MemoryConsumer {
    pub(super) fn new(client: Arc<Client>, source: Source, id: ConsumerId, wake: Arc<Notify>) -> Self {
        Self { client, source: Arc::new(source), id, wake, burst: VecDeque::new() }
    }

    fn look(&mut self) -> Look {
        if let Some(delivered) = self.burst.pop_front() {
            return Look::Message(self.source.incoming(delivered));
        }
        let (id, burst) = (self.id, &mut self.burst);
        let rest = self.client.broker.with(|state, _| {
            loop {
                match state.next(id) {
                    Next::Message(delivered) => burst.push_back(delivered),
                    Next::Wait(timer) => break Look::Wait(timer),
                    Next::End => break Look::End,
                }
            }
        });
        match self.burst.pop_front() {
            Some(delivered) => Look::Message(self.source.incoming(delivered)),
            None => rest,
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
        // What has come since is for the next look, which wakes for it.
        self.burst.pop_front().map(|delivered| self.source.incoming(delivered))
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
