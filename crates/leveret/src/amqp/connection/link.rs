use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use amqprs::connection::Connection;
use tokio::runtime::Handle;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::dial::Dialer;
use crate::{
    amqp::{rpc::shielded, trouble::Trouble, url::Host},
    transport::TransportErrorKind,
};

/// How long a goodbye to the broker may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// Every channel that the broker closes costs amqprs its id for good, and it panics when they run out (hazard H5);
/// RabbitMQ allows 2047.
const LEAKED_CHANNELS: u32 = 200;

/// Whether a connection lives, and why it does not.
#[derive(Debug, Default)]
pub(crate) struct Life {
    /// As `ended` tells, without its lock: each message asks.
    is_ended: AtomicBool,
    ended: CancellationToken,
    reason: OnceLock<String>,
    /// The broker closed it, and said why.
    closed_by_broker: AtomicBool,
    leaked: AtomicU32,
}

impl Life {
    /// The connection is lost, or is to be given up. The first reason stays.
    pub(crate) fn end(&self, reason: impl Into<String>) {
        let _ = self.reason.set(reason.into());
        self.is_ended.store(true, Ordering::Release);
        self.ended.cancel();
    }

    /// The broker closes the connection, with these words.
    pub(crate) fn closed_by_broker(&self, reason: impl Into<String>) {
        self.closed_by_broker.store(true, Ordering::Release);
        self.end(reason);
    }

    /// The broker closed a channel.
    pub(crate) fn channel_leaked(&self) {
        if self.leaked.fetch_add(1, Ordering::Relaxed) >= LEAKED_CHANNELS {
            self.end("renewed, after the broker had closed many channels");
        }
    }
}

/// A connection while it lives. Its number, the epoch, grows with each.
pub(crate) struct Link {
    pub(crate) epoch: u64,
    /// The largest frame, in bytes.
    pub(crate) frame_max: u32,
    /// `None` only while it is being dropped.
    connection: Option<Connection>,
    life: Arc<Life>,
    origin: Dialer,
    host: Host,
}

impl Link {
    pub(super) fn new(
        epoch: u64,
        connection: Connection,
        life: Arc<Life>,
        origin: Dialer,
        host: Host,
    ) -> Self {
        Self { epoch, frame_max: connection.frame_max(), connection: Some(connection), life, origin, host }
    }

    /// A connection of its own to the same broker, for what may cost a connection. Whoever asks for it ends it.
    pub(crate) async fn another(&self) -> Result<Arc<Self>, TransportErrorKind> {
        self.origin.attempt(&self.host, self.epoch).await
    }

    pub(crate) fn connection(&self) -> Result<Connection, Trouble> {
        self.connection.clone().filter(|_| !self.is_ended()).ok_or_else(|| Trouble::Lost(self.reason()))
    }

    pub(crate) fn life(&self) -> &Arc<Life> {
        &self.life
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.origin.tasks
    }

    /// Gives the connection up; its supervisor makes another one.
    pub(crate) fn end(&self, reason: impl Into<String>) {
        self.life.end(reason);
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.life.is_ended.load(Ordering::Acquire)
    }

    /// Whether the broker closed it, and said why.
    pub(crate) fn is_closed_by_broker(&self) -> bool {
        self.life.closed_by_broker.load(Ordering::Acquire)
    }

    /// Waits until the connection is lost or given up. Cancel safe.
    pub(crate) async fn ended(&self) {
        self.life.ended.cancelled().await;
    }

    /// Why it ended.
    pub(crate) fn reason(&self) -> String {
        self.life.reason.get().cloned().unwrap_or_else(|| "the connection was lost".to_owned())
    }

    /// Says goodbye to the broker. amqprs may cut its own farewell short, so nothing depends on the result
    /// (hazard H9); what lingers ends with the heartbeats.
    pub(crate) async fn farewell(&self) {
        if let Some(connection) = self.connection.clone() {
            let _ = shielded(self.tasks(), FAREWELL, connection.close()).await;
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // amqprs closes a dropped connection in a task, and panics where there is no runtime for it (hazard H10).
        if Handle::try_current().is_err() {
            std::mem::forget(self.connection.take());
        }
    }
}
