use std::{sync::Arc, time::Duration};

use leveret::{Bus, QueueOptions, transport::ConnectionState};

use super::{ledger::Ledger, options::QueueKind, service::Service};

/// The endpoint, and its queue.
pub(super) const ENDPOINT: &str = "soak";

const CONCURRENCY: usize = 32;
pub(super) const PREFETCH: u16 = 100;

/// What is soaked: a bus that only sends, a bus that handles, and the ledger of both.
#[derive(Debug)]
pub(super) struct World {
    pub(super) sender: Bus,
    pub(super) receiver: Bus,
    pub(super) ledger: Arc<Ledger>,
}

impl World {
    /// Heartbeats are as short as they may be, so that a frozen broker is given up within the run.
    pub(super) async fn start(url: &str, queue: QueueKind) -> Result<Self, String> {
        let url = format!("{url}?heartbeat=5");
        let ledger = Arc::new(Ledger::default());
        let queue = match queue {
            QueueKind::Quorum => QueueOptions::quorum(),
            QueueKind::Classic => QueueOptions::plain(),
        };
        let receiver = Bus::builder(&url)
            .endpoint(Service { ledger: ledger.clone() })
            .queue(queue)
            .concurrency(CONCURRENCY)
            .prefetch(PREFETCH)
            .start();
        let receiver = receiver.await.map_err(|error| format!("the endpoint did not start: {error}"))?;
        let sender = Bus::builder(&url).connection_name("soak sender").start().await;
        let sender = sender.map_err(|error| format!("the sender did not start: {error}"))?;
        Ok(Self { sender, receiver, ledger })
    }

    /// Which connection the sender publishes by, if it has one.
    pub(super) fn publishing_epoch(&self) -> Option<u64> {
        match self.sender.health().publishing_connection {
            ConnectionState::Up { epoch } | ConnectionState::Stalled { epoch } => Some(epoch),
            _ => None,
        }
    }

    /// How long the oldest message has waited for its confirm.
    pub(super) fn oldest_unconfirmed(&self) -> Duration {
        self.sender.health().unconfirmed.oldest.unwrap_or_default()
    }

    pub(super) async fn shutdown(self) -> Result<(), String> {
        for (name, bus) in [("sender", self.sender), ("endpoint", self.receiver)] {
            bus.shutdown().await.map_err(|error| format!("the {name} did not shut down: {error}"))?;
        }
        Ok(())
    }
}
