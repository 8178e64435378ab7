use std::sync::{Arc, Mutex, PoisonError};

/// The queues that the broker is delivering from.
#[derive(Debug, Default)]
pub(crate) struct Registry(Mutex<Vec<Arc<str>>>);

/// While it lives, the queue is in the registry.
#[derive(Debug)]
pub(super) struct Presence {
    queue: Arc<str>,
    registry: Arc<Registry>,
}

impl Registry {
    pub(super) fn enter(self: &Arc<Self>, queue: &Arc<str>) -> Presence {
        self.with(|queues| queues.push(queue.clone()));
        Presence { queue: queue.clone(), registry: self.clone() }
    }

    pub(crate) fn queues(&self) -> Vec<String> {
        self.with(|queues| queues.iter().map(ToString::to_string).collect())
    }

    fn with<T>(&self, f: impl FnOnce(&mut Vec<Arc<str>>) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.registry.with(|queues| {
            if let Some(at) = queues.iter().position(|queue| *queue == self.queue) {
                queues.swap_remove(at);
            }
        });
    }
}
