use std::sync::Arc;

use tokio::{sync::watch, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{dial::Dialer, link::Link};
use crate::{
    amqp::{backoff, settings::Settings, topology::Memory, trouble::is_final},
    transport::{ConnectionState, TransportErrorKind},
};

/// How it stands with one connection.
#[derive(Clone)]
pub(crate) enum Phase {
    /// The first attempts.
    Connecting,
    /// It is there, and the topology is declared on it.
    Up(Arc<Link>),
    /// It was lost, or could not be made.
    Backoff { attempt: u32, cause: TransportErrorKind },
    /// We closed it.
    Closed,
}

impl Phase {
    pub(crate) fn state(&self) -> ConnectionState {
        match self {
            Self::Connecting => ConnectionState::Connecting,
            Self::Up(link) => ConnectionState::Up { epoch: link.epoch },
            Self::Backoff { attempt, cause } => {
                ConnectionState::Backoff { attempt: *attempt, error: cause.to_string() }
            }
            Self::Closed => ConnectionState::Closed,
        }
    }
}

/// Sees one connection come and go.
#[derive(Clone)]
pub(crate) struct Connected(watch::Receiver<Phase>);

impl Connected {
    pub(crate) fn phase(&self) -> Phase {
        self.0.borrow().clone()
    }

    /// Waits for a living connection; `None` once there will be none any more. Cancel safe.
    pub(crate) async fn link(&mut self) -> Option<Arc<Link>> {
        loop {
            match self.0.borrow_and_update().clone() {
                Phase::Up(link) if !link.is_ended() => return Some(link),
                Phase::Closed => return None,
                _ => {}
            }
            self.0.changed().await.ok()?;
        }
    }

    /// Waits for the first connection, or for the broker's final refusal. Cancel safe.
    pub(crate) async fn first(&mut self) -> Result<(), TransportErrorKind> {
        loop {
            match self.0.borrow_and_update().clone() {
                Phase::Up(_) => return Ok(()),
                Phase::Closed => return Err(TransportErrorKind::Closed),
                Phase::Backoff { cause, .. } if is_final(&cause) => return Err(cause),
                _ => {}
            }
            if self.0.changed().await.is_err() {
                return Err(TransportErrorKind::Closed);
            }
        }
    }
}

/// The task that keeps one connection alive: it connects, waits for the end, and connects again, until it is stopped.
pub(crate) struct Supervisor {
    dialer: Dialer,
    phase: watch::Sender<Phase>,
    /// What must exist before anybody uses a new connection.
    topology: Option<Arc<Memory>>,
    last_error: watch::Sender<Option<String>>,
    stop: CancellationToken,
}

impl Supervisor {
    /// `stop` closes the connection and ends the task.
    pub(crate) fn new(
        settings: Arc<Settings>,
        purpose: &'static str,
        topology: Option<Arc<Memory>>,
        last_error: watch::Sender<Option<String>>,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> (Self, Connected) {
        let (phase, connected) = watch::channel(Phase::Connecting);
        let dialer = Dialer { settings, purpose, tasks };
        (Self { dialer, phase, topology, last_error, stop }, Connected(connected))
    }

    pub(crate) async fn run(self) {
        // Connections that are lost as soon as they are made count as failures: a message that amqprs cannot decode
        // takes the connection with it each time it is delivered (hazard H12).
        let (mut epoch, mut failures, mut lost_at) = (0, 0_u32, Instant::now());
        while !self.stop.is_cancelled() {
            let cause = match self.connect(epoch + 1, failures).await {
                None => break,
                Some(Err(cause)) => {
                    failures = failures.saturating_add(1);
                    cause
                }
                Some(Ok(link)) => {
                    epoch = link.epoch;
                    let connected_at = Instant::now();
                    tracing::info!(epoch, purpose = self.dialer.purpose, "connected to RabbitMQ");
                    self.phase.send_replace(Phase::Up(link.clone()));
                    tokio::select! {
                        () = link.ended() => {}
                        () = self.stop.cancelled() => link.end("closed by us"),
                    }
                    lost_at = Instant::now();
                    if connected_at.elapsed() >= backoff::HEALTHY {
                        failures = 0;
                    }
                    failures = failures.saturating_add(1);
                    let reason = link.reason();
                    self.leave(link, epoch, reason).await
                }
            };
            self.pause(failures, lost_at, cause).await;
        }
        self.phase.send_replace(Phase::Closed);
    }

    /// One round over all hosts; `None` when stopped. A round that is under way when we stop ends by itself, within
    /// its own limits.
    async fn connect(&self, epoch: u64, round: u32) -> Option<Result<Arc<Link>, TransportErrorKind>> {
        let attempt = async {
            let link = self.dialer.dial(epoch, round).await?;
            if let Some(topology) = &self.topology
                && let Err(kind) = topology.restore(&link).await
            {
                link.end(kind.to_string());
                link.farewell().await;
                return Err(kind);
            }
            Ok(link)
        };
        tokio::select! {
            result = attempt => Some(result),
            () = self.stop.cancelled() => None,
        }
    }

    /// The link is lost or given up: nobody may find it any more, and it is closed as far as it can be.
    async fn leave(&self, link: Arc<Link>, epoch: u64, reason: String) -> TransportErrorKind {
        let cause = TransportErrorKind::Interrupted { action: "keep the connection".to_owned(), reason };
        if !self.stop.is_cancelled() {
            tracing::warn!(epoch, purpose = self.dialer.purpose, %cause, "lost the connection to RabbitMQ");
            self.phase.send_replace(Phase::Backoff { attempt: 0, cause: cause.clone() });
        }
        link.farewell().await;
        cause
    }

    async fn pause(&self, failures: u32, lost_at: Instant, cause: TransportErrorKind) {
        if self.stop.is_cancelled() {
            return;
        }
        self.last_error.send_replace(Some(cause.to_string()));
        let pause = if is_final(&cause) {
            backoff::after_refusal()
        } else {
            backoff::jittered(backoff::ceiling(failures, lost_at.elapsed()))
        };
        if failures > 1 {
            tracing::warn!(failures, ?pause, purpose = self.dialer.purpose, %cause, "cannot connect to RabbitMQ");
        }
        self.phase.send_replace(Phase::Backoff { attempt: failures, cause });
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = self.stop.cancelled() => {}
        }
    }
}
