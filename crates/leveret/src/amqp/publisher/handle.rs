use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

use super::{
    entry::{Entry, Progress},
    gauge::Gauge,
    window::{Turn, Window},
};
use crate::{
    amqp::{connection::Connected, settings::Settings},
    transport::{ConnectionState, Outgoing, PublishError, PublishErrorKind, check_limits},
};

/// The way out, shared by all who send. Messages wait here, with their senders, until the window has room for them.
pub(crate) struct AmqpPublisher {
    settings: Arc<Settings>,
    connected: Connected,
    gauge: Arc<Gauge>,
    /// The largest frame of the last connection, in bytes.
    frame_max: Arc<AtomicU32>,
    window: Arc<Window>,
    /// Each entry in it has its place in the window, so it is bounded.
    entries: mpsc::UnboundedSender<Entry>,
}

impl std::fmt::Debug for AmqpPublisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AmqpPublisher")
            .field("unconfirmed", &self.gauge.unconfirmed())
            .finish_non_exhaustive()
    }
}

impl AmqpPublisher {
    pub(super) fn new(
        settings: Arc<Settings>,
        connected: Connected,
        gauge: Arc<Gauge>,
        frame_max: Arc<AtomicU32>,
        entries: mpsc::UnboundedSender<Entry>,
    ) -> Self {
        let window = Arc::new(Window::new(settings.window.messages, settings.window.bytes));
        Self { settings, connected, gauge, frame_max, window, entries }
    }

    /// Admits nothing more; who waits to be admitted gets `Closed`.
    pub(crate) fn close(&self) {
        self.window.close();
    }

    /// Carries out [`Publisher::publish`](crate::transport::Publisher::publish) for a message without delay.
    pub(crate) async fn publish(&self, outgoing: Outgoing) -> Result<(), PublishError> {
        if self.window.is_closed() {
            return Err(PublishErrorKind::Closed.into());
        }
        let frame_max = self.frame_max.load(Ordering::Relaxed);
        let header = check_limits(&outgoing, self.settings.max_body, frame_max)?;
        let bytes = outgoing.envelope.body.len() + header;
        let deadline = outgoing.deadline;
        let turn = match self.window.try_enter(bytes) {
            Some(turn) => turn,
            // Boxed, since most messages find room: only those that wait pay for the room that waiting takes.
            None => Box::pin(self.turn(bytes, deadline)).await?,
        };
        let (progress, result) = self.admit(outgoing, turn);
        match timeout_at(deadline, result).await {
            Ok(Ok(result)) => Ok(result?),
            // The task that writes is gone, or never took it: closed. What was written may have arrived.
            Ok(Err(_)) if progress.abandon() => Err(PublishErrorKind::Closed.into()),
            Ok(Err(_)) => {
                Err(PublishErrorKind::Unknown { reason: "the bus was shut down".to_owned() }.into())
            }
            Err(_) if progress.abandon() => Err(PublishErrorKind::NotSent { reason: self.obstacle() }.into()),
            Err(_) => Err(PublishErrorKind::Unknown { reason: self.obstacle() }.into()),
        }
    }

    /// Waits for room in the window, within the deadline. Cancel safe.
    async fn turn(&self, bytes: usize, deadline: Instant) -> Result<Turn<'_>, PublishErrorKind> {
        match timeout_at(deadline, self.window.enter(bytes)).await {
            Ok(Some(turn)) => Ok(turn),
            Ok(None) => Err(PublishErrorKind::Closed),
            Err(_) => Err(PublishErrorKind::NotSent { reason: self.obstacle() }),
        }
    }

    /// Puts the message into the window. Where nobody is there to take it, its result never comes.
    fn admit(
        &self,
        outgoing: Outgoing,
        turn: Turn<'_>,
    ) -> (Progress, oneshot::Receiver<Result<(), PublishErrorKind>>) {
        let (reply, result) = oneshot::channel();
        let progress = Progress::default();
        turn.take(|place| {
            let entry = Entry {
                outgoing,
                progress: progress.clone(),
                reply,
                _place: place,
                written_at: None,
                refusals: 0,
                declared_again: false,
            };
            let _ = self.entries.send(entry);
        });
        (progress, result)
    }

    /// What stands in the way at this moment.
    fn obstacle(&self) -> String {
        match self.connected.phase().state() {
            ConnectionState::Up { .. } if self.gauge.is_stalled() => {
                "the broker is connected but confirms nothing: it may have run into a memory or disk alarm"
                    .to_owned()
            }
            ConnectionState::Up { .. } => "the broker was too slow".to_owned(),
            other => other.to_string(),
        }
    }
}
