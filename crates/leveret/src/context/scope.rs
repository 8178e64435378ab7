use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use super::Delivery;
use crate::{
    publish::{Outlet, Settings, Writer},
    request::Requester,
    telemetry::Counters,
    transaction::Transaction,
};

/// What handlers reach the bus by. One for a bus.
#[derive(Debug)]
pub(crate) struct Services {
    pub(crate) outlet: Arc<Outlet>,
    pub(crate) requester: Arc<Requester>,
    pub(crate) counters: Arc<Counters>,
    /// Cancelled when the bus shuts down.
    pub(crate) stopping: CancellationToken,
}

impl Services {
    pub(crate) fn settings(&self) -> &Settings {
        &self.outlet.settings
    }
}

/// What one run of a message through the layers works with, and what it leaves behind: the transaction of the handler
/// that succeeded.
///
/// A layer may run the handler several times. Each run has a transaction of its own, and the last success counts, so
/// that a run that failed has sent nothing.
#[derive(Debug)]
pub(crate) struct Scope {
    services: Arc<Services>,
    succeeded: Mutex<Option<Transaction>>,
}

impl Scope {
    pub(crate) fn new(services: Arc<Services>) -> Self {
        Self { services, succeeded: Mutex::new(None) }
    }

    pub(crate) fn services(&self) -> &Services {
        &self.services
    }

    /// The transaction of a handler.
    pub(super) fn begin(&self, delivery: &Delivery) -> Transaction {
        let writer = Writer::holding(self.services.outlet.clone()).inheriting(delivery.shared().clone());
        Transaction::new(writer)
    }

    /// A writer past the transaction.
    pub(super) fn direct(&self, delivery: &Delivery) -> Writer {
        Writer::new(self.services.outlet.clone()).inheriting(delivery.shared().clone())
    }

    pub(crate) fn succeed(&self, transaction: Transaction) {
        *self.succeeded.lock().unwrap_or_else(PoisonError::into_inner) = Some(transaction);
    }

    pub(crate) fn take_succeeded(&self) -> Option<Transaction> {
        self.succeeded.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}
