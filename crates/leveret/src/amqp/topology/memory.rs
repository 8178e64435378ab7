use std::sync::{Arc, Mutex, PoisonError};

use super::declare::declare;
use crate::{
    amqp::connection::Link,
    topology::{Binding, Topology},
    transport::TransportErrorKind,
};

/// What was declared through this transport: it is declared again on each new connection (design §6).
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Topology>);

impl Memory {
    /// Declares it all again.
    pub(crate) async fn restore(&self, link: &Arc<Link>) -> Result<(), TransportErrorKind> {
        let topology = self.with(|topology| topology.clone());
        declare(link, &topology).await
    }

    pub(crate) fn add(&self, topology: &Topology) {
        self.with(|mine| mine.merge(topology));
    }

    pub(crate) fn bind(&self, binding: &Binding) {
        self.with(|topology| topology.bind(binding));
    }

    pub(crate) fn unbind(&self, binding: &Binding) {
        self.with(|topology| topology.unbind(binding));
    }

    pub(crate) fn forget_queue(&self, queue: &str) {
        self.with(|topology| topology.forget_queue(queue));
    }

    fn with<T>(&self, change: impl FnOnce(&mut Topology) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
