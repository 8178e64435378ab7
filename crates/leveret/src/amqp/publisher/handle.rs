use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot},
    time::{Instant, timeout_at},
};

use super::{
    entry::{Entry, Progress},
    gauge::Gauge,
};
use crate::{
    amqp::{connection::Connected, settings::Settings},
    transport::{ConnectionState, Outgoing, PublishError, PublishErrorKind, check_limits, header_len},
};

/// The way out, shared by all who send. Messages wait here, with their senders, until the window has room for them.
pub(crate) struct AmqpPublisher {
    settings: Arc<Settings>,
    connected: Connected,
    gauge: Arc<Gauge>,
    /// The largest frame of the last connection, in bytes.
    frame_max: Arc<AtomicU32>,
    /// One at a time goes from the crowd into the window, in the order in which they came: two free places must not
    /// let a later message overtake one that was woken but has not run yet.
    turnstile: Semaphore,
    places: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    /// As long as the window, so that it always has room for what was admitted.
    entries: mpsc::Sender<Entry>,
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
        entries: mpsc::Sender<Entry>,
    ) -> Self {
        let window = settings.window;
        Self {
            settings,
            connected,
            gauge,
            frame_max,
            turnstile: Semaphore::new(1),
            places: Arc::new(Semaphore::new(window.messages)),
            bytes: Arc::new(Semaphore::new(window.bytes)),
            entries,
        }
    }

    /// Admits nothing more; who waits to be admitted gets `Closed`.
    pub(crate) fn close(&self) {
        self.turnstile.close();
        self.places.close();
        self.bytes.close();
    }

    /// Carries out [`Publisher::publish`](crate::transport::Publisher::publish) for a message without delay.
    pub(crate) async fn publish(&self, outgoing: Outgoing) -> Result<(), PublishError> {
        if self.turnstile.is_closed() {
            return Err(PublishErrorKind::Closed.into());
        }
        let frame_max = self.frame_max.load(Ordering::Relaxed);
        check_limits(&outgoing, self.settings.max_body, frame_max)?;
        let deadline: Instant = outgoing.deadline;
        let progress = Progress::default();
        let sent = async {
            let result = self.admit(outgoing, progress.clone()).await?;
            result.await.ok()
        };
        match timeout_at(deadline, sent).await {
            Ok(Some(result)) => Ok(result?),
            // The task that writes is gone, or never took it: closed. What was written may have arrived.
            Ok(None) if progress.abandon() => Err(PublishErrorKind::Closed.into()),
            Ok(None) => Err(PublishErrorKind::Unknown { reason: "the bus was shut down".to_owned() }.into()),
            Err(_) if progress.abandon() => Err(PublishErrorKind::NotSent { reason: self.obstacle() }.into()),
            Err(_) => Err(PublishErrorKind::Unknown { reason: self.obstacle() }.into()),
        }
    }

    /// Waits for a place in the window, and puts the message there. `None` when the transport is closed. Cancel safe.
    async fn admit(
        &self,
        outgoing: Outgoing,
        progress: Progress,
    ) -> Option<oneshot::Receiver<Result<(), PublishErrorKind>>> {
        let _turn = self.turnstile.acquire().await.ok()?;
        let permits = self.room_for(&outgoing).await?;
        let (reply, result) = oneshot::channel();
        let entry = Entry {
            outgoing,
            progress,
            reply,
            _permits: permits,
            written_at: None,
            refusals: 0,
            declared_again: false,
        };
        self.entries.try_send(entry).ok()?;
        Some(result)
    }

    /// A message larger than the whole window may go when it goes alone.
    async fn room_for(&self, outgoing: &Outgoing) -> Option<[OwnedSemaphorePermit; 2]> {
        let bytes = outgoing.envelope.body.len() + header_len(&outgoing.envelope);
        let bytes = u32::try_from(bytes.min(self.settings.window.bytes)).ok()?;
        Some([
            self.places.clone().acquire_owned().await.ok()?,
            self.bytes.clone().acquire_many_owned(bytes).await.ok()?,
        ])
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
