//! What the `faults_*` tests share: a virtual host behind a bad network, and ledgers of what was sent and handled.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use leveret::{Bus, BusBuilder};
use leveret_tests::{
    broker::{Broker, VirtualHost},
    proxy::Proxy,
    scenarios::contracts::{Work, Worker},
};
use tokio::task::JoinSet;

use crate::amqp_support::PATIENCE;

/// A virtual host of the shared broker, and a proxy before it.
pub(crate) struct Network {
    pub(crate) vhost: VirtualHost,
    pub(crate) proxy: Proxy,
}

impl Network {
    pub(crate) async fn new() -> Self {
        let broker = Broker::shared().await;
        Self { vhost: broker.vhost().await, proxy: Proxy::start(broker.port()).await }
    }

    /// A bus beside the broker.
    pub(crate) fn near(&self) -> BusBuilder {
        Bus::builder(self.vhost.url())
    }

    /// The URL by way of the proxy, with the shortest heartbeat that there is.
    pub(crate) fn far_url(&self) -> String {
        format!("{}?heartbeat=5", self.proxy.url(&self.vhost.url()))
    }

    /// A bus behind the proxy.
    pub(crate) fn far(&self) -> BusBuilder {
        Bus::builder(self.far_url()).connection_timeout(Duration::from_secs(2))
    }
}

/// What became of the sends of a test, and what was handled of it.
#[derive(Clone, Default)]
pub(crate) struct Ledger(Arc<Mutex<Pages>>);

#[derive(Default)]
struct Pages {
    /// Handed to `send`, whatever came of it.
    tried: BTreeSet<u32>,
    /// `send` returned `Ok`.
    confirmed: BTreeSet<u32>,
    /// Each run of the handler, with the id of its message.
    handled: Vec<(u32, String)>,
}

impl Ledger {
    /// The endpoint `worker`, which notes what it handles.
    pub(crate) fn worker(&self) -> Worker {
        let ledger = self.clone();
        Worker::new(move |work, ctx| {
            ledger.0.lock().unwrap().handled.push((work.n, ctx.message_id().unwrap()));
            Box::pin(async { Ok(()) })
        })
    }

    pub(crate) fn tried(&self, n: u32) {
        self.0.lock().unwrap().tried.insert(n);
    }

    pub(crate) fn confirmed(&self, n: u32) {
        self.0.lock().unwrap().confirmed.insert(n);
    }

    /// Sends one message that must be confirmed.
    pub(crate) async fn send(&self, bus: &Bus, n: u32) {
        self.tried(n);
        bus.send(Work { n }).timeout(PATIENCE).await.unwrap();
        self.confirmed(n);
    }

    /// Sends messages that must be confirmed, all at once.
    pub(crate) fn flood(&self, bus: &Bus, numbers: impl IntoIterator<Item = u32>) -> JoinSet<()> {
        let mut sends = JoinSet::new();
        for n in numbers {
            let (ledger, bus) = (self.clone(), bus.clone());
            sends.spawn(async move { ledger.send(&bus, n).await });
        }
        sends
    }

    /// The numbers in the order of the runs.
    pub(crate) fn runs(&self) -> Vec<u32> {
        self.0.lock().unwrap().handled.iter().map(|(n, _)| *n).collect()
    }

    pub(crate) fn has_handled(&self, n: u32) -> bool {
        self.0.lock().unwrap().handled.iter().any(|(handled, _)| *handled == n)
    }

    /// Whether all that was confirmed was handled by now.
    pub(crate) fn is_balanced(&self) -> bool {
        let pages = self.0.lock().unwrap();
        let handled: BTreeSet<_> = pages.handled.iter().map(|(n, _)| *n).collect();
        pages.confirmed.is_subset(&handled)
    }

    /// Nothing that was confirmed is lost, nothing was handled that was not sent, and one message has one id, however
    /// often it was sent. How many runs there were beyond the first.
    pub(crate) fn duplicates(&self) -> usize {
        assert!(self.is_balanced(), "confirmed messages are lost");
        let pages = self.0.lock().unwrap();
        let mut ids = BTreeMap::new();
        for (n, id) in &pages.handled {
            assert!(pages.tried.contains(n), "{n} was never sent");
            assert_eq!(ids.entry(n).or_insert(id), &id, "{n} has two ids");
        }
        pages.handled.len() - ids.len()
    }
}
