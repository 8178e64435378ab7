use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use super::{
    client::{Client, Source},
    consumer::MemoryConsumer,
    publisher::MemoryPublisher,
    state::EPOCH,
};
use crate::{
    topology::{Binding, Topology},
    transport::{
        ConnectionState, Consumer, Incoming, Publisher, Status, Transport, TransportError, Unconfirmed,
    },
};

/// A client of the broker in process. Its connection is never lost, only closed.
#[derive(Debug)]
pub(super) struct MemoryTransport(Arc<Client>);

impl MemoryTransport {
    pub(super) fn new(client: Arc<Client>) -> Self {
        Self(client)
    }
}

#[async_trait]
impl Transport for MemoryTransport {
    async fn declare(&self, topology: &Topology) -> Result<(), TransportError> {
        let Client { broker, id } = &*self.0;
        Ok(broker.with(|state, _| state.declare(*id, topology))?)
    }

    async fn bind(&self, binding: &Binding) -> Result<(), TransportError> {
        let Client { broker, id } = &*self.0;
        Ok(broker.with(|state, _| state.bind(*id, binding))?)
    }

    async fn unbind(&self, binding: &Binding) -> Result<(), TransportError> {
        let Client { broker, id } = &*self.0;
        Ok(broker.with(|state, _| state.unbind(*id, binding))?)
    }

    fn publisher(&self) -> Arc<dyn Publisher> {
        Arc::new(MemoryPublisher(Arc::clone(&self.0)))
    }

    async fn consume(&self, queue: &str, prefetch: u16) -> Result<Box<dyn Consumer>, TransportError> {
        let Client { broker, id } = &*self.0;
        let (consumer, wake) = broker.with(|state, now| state.consume(*id, queue, prefetch, now))?;
        let source = Source { broker: Arc::clone(broker), queue: queue.into() };
        Ok(Box::new(MemoryConsumer::new(Arc::clone(&self.0), source, consumer, wake)))
    }

    async fn get(&self, queue: &str) -> Result<Option<Incoming>, TransportError> {
        let Client { broker, id } = &*self.0;
        let Some(delivered) = broker.with(|state, _| state.get(*id, queue))? else { return Ok(None) };
        let source = Arc::new(Source { broker: Arc::clone(broker), queue: queue.into() });
        Ok(Some(source.incoming(delivered)))
    }

    async fn queue_depth(&self, queue: &str) -> Result<u32, TransportError> {
        let Client { broker, id } = &*self.0;
        Ok(broker.with(|state, _| state.depth(*id, queue))?)
    }

    async fn delete_queue(&self, queue: &str) -> Result<(), TransportError> {
        let Client { broker, id } = &*self.0;
        Ok(broker.with(|state, _| state.delete_queue(*id, queue))?)
    }

    fn status(&self) -> Status {
        let Client { broker, id } = &*self.0;
        let consumers = broker.with(|state, _| state.consuming(*id));
        let connection = match consumers {
            Some(_) => ConnectionState::Up { epoch: EPOCH },
            None => ConnectionState::Closed,
        };
        Status {
            publishing: connection.clone(),
            consuming: connection,
            consumers: consumers.unwrap_or_default(),
            unconfirmed: Unconfirmed::default(),
            last_error: None,
        }
    }

    /// At once, whatever `timeout` is: every confirm is given within its publish.
    async fn close(&self, _timeout: Duration) {
        let Client { broker, id } = &*self.0;
        broker.with(|state, now| state.close(*id, now));
    }
}
