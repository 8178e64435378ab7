use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};

use super::{
    desk::{Admission, Desk},
    entry::{Entry, Progress},
    window::{Turn, Window},
};
use crate::{
    amqp::{connection::Connected, settings::Settings},
    transport::{ConnectionState, Outgoing, PublishError, PublishErrorKind, Unconfirmed, check_limits},
};

/// The way out, shared by all who send. Messages wait here, with their senders, until the window has room for them.
pub(crate) struct AmqpPublisher {
    settings: Arc<Settings>,
    connected: Connected,
    /// The largest frame of the last connection, in bytes.
    frame_max: Arc<AtomicU32>,
    window: Arc<Window>,
    desk: Arc<Desk>,
}

impl std::fmt::Debug for AmqpPublisher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AmqpPublisher").field("unconfirmed", &self.unconfirmed()).finish_non_exhaustive()
    }
}

impl AmqpPublisher {
    pub(super) fn new(
        settings: Arc<Settings>,
        connected: Connected,
        frame_max: Arc<AtomicU32>,
        desk: Arc<Desk>,
    ) -> Self {
        let window = Arc::new(Window::new(settings.window.messages, settings.window.bytes));
        Self { settings, connected, frame_max, window, desk }
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
        let (reply, result) = oneshot::channel();
        let queued = match turn.take(|place| self.desk.admit(Entry::new(outgoing, reply, place))) {
            Admission::Written => None,
            Admission::Queued(progress) => Some(progress),
            Admission::Refused => return Err(PublishErrorKind::Closed.into()),
        };
        let answer = timeout_at(deadline, result).await;
        if let Ok(Ok(result)) = answer {
            return Ok(result?);
        }
        let is_unwritten = queued.as_ref().is_some_and(Progress::abandon);
        Err(match answer {
            // Who sees to the desk is gone. What was written may have arrived.
            Ok(_) if is_unwritten => PublishErrorKind::Closed,
            Ok(_) => PublishErrorKind::Unknown { reason: "the bus was shut down".to_owned() },
            Err(_) if is_unwritten => PublishErrorKind::NotSent { reason: self.obstacle() },
            Err(_) => PublishErrorKind::Unknown { reason: self.obstacle() },
        }
        .into())
    }

    /// What is sent and not confirmed.
    pub(crate) fn unconfirmed(&self) -> Unconfirmed {
        self.desk.unconfirmed()
    }

    /// Whether the broker has confirmed nothing for 5 s although something waits.
    pub(crate) fn is_stalled(&self) -> bool {
        self.desk.is_stalled()
    }

    /// Waits for room in the window, within the deadline. Cancel safe.
    async fn turn(&self, bytes: usize, deadline: Instant) -> Result<Turn<'_>, PublishErrorKind> {
        match timeout_at(deadline, self.window.enter(bytes)).await {
            Ok(Some(turn)) => Ok(turn),
            Ok(None) => Err(PublishErrorKind::Closed),
            Err(_) => Err(PublishErrorKind::NotSent { reason: self.obstacle() }),
        }
    }

    /// What stands in the way at this moment.
    fn obstacle(&self) -> String {
        match self.connected.phase().state() {
            ConnectionState::Up { .. } if self.is_stalled() => {
                "the broker is connected but confirms nothing: it may have run into a memory or disk alarm"
                    .to_owned()
            }
            ConnectionState::Up { .. } => "the broker was too slow".to_owned(),
            other => other.to_string(),
        }
    }
}
