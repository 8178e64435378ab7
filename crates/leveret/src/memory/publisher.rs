use std::sync::Arc;

use async_trait::async_trait;
use tokio::task::{coop, yield_now};

use super::client::Client;
use crate::transport::{FRAME_MAX, MAX_BODY, Outgoing, PublishError, Publisher, check_delay, check_limits};

#[derive(Debug)]
pub(super) struct MemoryPublisher(pub(super) Arc<Client>);

#[async_trait]
impl Publisher for MemoryPublisher {
    async fn publish(&self, outgoing: Outgoing) -> Result<(), PublishError> {
        check_delay(&outgoing)?;
        check_limits(&outgoing, MAX_BODY, FRAME_MAX)?;
        let Client { broker, id } = &*self.0;
        let published = broker.with(|state, now| state.publish(*id, outgoing, now));
        // Nothing here ever waits, so without this a loop of sends would keep its thread from everybody else. After
        // the message is in its queue, since the order of first polls counts.
        if coop::has_budget_remaining() {
            coop::consume_budget().await;
        } else {
            yield_now().await; // once, however many others of the task have no budget either
        }
        Ok(published?)
    }
}
