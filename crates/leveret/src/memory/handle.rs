use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, LazyLock, Mutex, PoisonError, Weak},
};

use super::{client::Client, shared::Shared, transport::MemoryTransport};
use crate::transport::Transport;

/// The brokers of this process that have a name, while somebody holds them.
static NAMED: LazyLock<Mutex<HashMap<String, Weak<Shared>>>> = LazyLock::new(Mutex::default);

/// A broker in process. Clones are the same broker.
///
/// Its queues live as long as the broker: while a clone or a transport of it is held.
///
/// ```
/// use leveret::memory::MemoryBroker;
///
/// let broker = MemoryBroker::new();
/// let billing = broker.connect();
/// let shop = broker.connect();
/// ```
#[derive(Clone, Default)]
pub struct MemoryBroker(Arc<Shared>);

impl MemoryBroker {
    /// A broker of its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// The broker that this process knows by `name`: the same for everybody, while anybody holds it; after that a
    /// fresh one.
    pub fn named(name: &str) -> Self {
        let mut brokers = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = brokers.get(name).and_then(Weak::upgrade) {
            return Self(shared);
        }
        brokers.retain(|_, broker| broker.strong_count() > 0);
        let broker = Self::new();
        brokers.insert(name.to_owned(), Arc::downgrade(&broker.0));
        broker
    }

    /// A client of this broker, with consumers and a status of its own. Closing it returns what it has not settled.
    pub fn connect(&self) -> Arc<dyn Transport> {
        Arc::new(MemoryTransport::new(Client::connect(Arc::clone(&self.0))))
    }
}

impl fmt::Debug for MemoryBroker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryBroker").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_broker_while_it_is_held() {
        let first = MemoryBroker::named("handle-test");
        let transport = first.connect();
        let again = MemoryBroker::named("handle-test");
        assert!(Arc::ptr_eq(&first.0, &again.0));
        assert!(!Arc::ptr_eq(&first.0, &MemoryBroker::named("handle-test-2").0));
        drop((first, again));
        let held = Arc::as_ptr(&MemoryBroker::named("handle-test").0);
        assert_eq!(held, Arc::as_ptr(&MemoryBroker::named("handle-test").0), "a transport holds its broker");
        drop(transport);
        let broker = MemoryBroker::named("handle-test");
        broker.0.with(|state, _| assert!(state.is_empty(), "a broker that nobody held is gone"));
    }
}
