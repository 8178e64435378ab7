use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::{cascade::restore_delivery, declare::declare};
use crate::{
    amqp::connection::Link,
    topology::{Binding, Topology},
    transport::TransportErrorKind,
};

/// What was declared through this transport: it is declared again on each new connection (design §6).
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    topology: Topology,
    /// Of its queues, those for which delayed messages may wait.
    await_delayed: BTreeSet<String>,
}

impl Memory {
    /// Declares it all again.
    pub(crate) async fn restore(&self, link: &Arc<Link>) -> Result<(), TransportErrorKind> {
        let (topology, await_delayed) = self.with(|mine| (mine.topology.clone(), mine.await_delayed.clone()));
        declare(link, &topology).await?;
        if await_delayed.is_empty() || topology.check_only {
            return Ok(());
        }
        restore_delivery(link, await_delayed.iter().map(String::as_str)).await
    }

    /// A queue gets delayed messages. One that is ours must go on to get them when it is declared again; for others it
    /// is their owners who decide whether they exist.
    pub(crate) fn awaits_delayed(&self, queue: &str) {
        self.with(|mine| {
            if mine.topology.queues.iter().any(|ours| ours.name == queue) {
                mine.await_delayed.insert(queue.to_owned());
            }
        });
    }

    /// Whether nothing may be declared here.
    pub(crate) fn is_check_only(&self) -> bool {
        self.with(|mine| mine.topology.check_only)
    }

    pub(crate) fn add(&self, topology: &Topology) {
        self.with(|mine| mine.topology.merge(topology));
    }

    pub(crate) fn bind(&self, binding: &Binding) {
        self.with(|mine| mine.topology.bind(binding));
    }

    pub(crate) fn unbind(&self, binding: &Binding) {
        self.with(|mine| mine.topology.unbind(binding));
    }

    pub(crate) fn forget_queue(&self, queue: &str) {
        self.with(|mine| {
            mine.topology.forget_queue(queue);
            mine.await_delayed.remove(queue);
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Remembered) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
