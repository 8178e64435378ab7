use std::{sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use super::copies::Copies;
use crate::{
    context::Services,
    deadline,
    envelope::{Envelope, Received},
    error::Failure,
    topology::Topology,
    transport::{Outgoing, PublishErrorKind, Publisher, Settlement, Transport},
};

/// The first pause before a copy is tried again, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Carries out what was decided about a message that is not done: its copy is confirmed before it is settled.
#[derive(Debug)]
pub(crate) struct Recovery {
    options: RecoveryOptions,
    publisher: Arc<dyn Publisher>,
}

/// What a [`Recovery`] works with.
#[derive(Debug)]
pub(crate) struct RecoveryOptions {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) services: Arc<Services>,
    pub(crate) error_queue: String,
    /// Declares the error queue again when it is gone; empty where this bus declares nothing.
    pub(crate) error_topology: Topology,
    /// The endpoint's queue moves what is rejected into the error queue by itself.
    pub(crate) queue_dead_letters: bool,
}

/// What came of one attempt to write a copy.
enum Written {
    Confirmed,
    TooLarge,
    /// The bus shuts down.
    GaveUp,
}

impl Recovery {
    pub(crate) fn new(options: RecoveryOptions) -> Self {
        let publisher = options.transport.publisher();
        Self { options, publisher }
    }

    /// Moves a message to the error queue.
    pub(super) async fn move_to_error(
        &self,
        received: &Received,
        failure: &Failure,
        failures: u32,
    ) -> Settlement {
        let queue = &self.options.error_queue;
        let copy = self.copies(received).failed(failure, failures);
        let settlement = match self.write(queue, copy, Instant::now()).await {
            Written::Confirmed => Settlement::Done,
            Written::GaveUp => Settlement::Return,
            Written::TooLarge if self.options.queue_dead_letters => Settlement::Reject,
            Written::TooLarge => {
                let bare = self.copies(received).failed_without_details(failures);
                match self.write(queue, bare, Instant::now()).await {
                    Written::Confirmed => Settlement::Done,
                    Written::TooLarge => self.stay(received).await,
                    Written::GaveUp => Settlement::Return,
                }
            }
        };
        if settlement != Settlement::Return {
            self.options.services.counters.moved_to_error.add_one();
        }
        settlement
    }

    /// Puts a message back into its queue once `wait` has passed, which is no longer than the broker can keep it
    /// (design §5).
    pub(super) async fn postpone(&self, received: &Received, wait: Duration, failures: u32) -> Settlement {
        let copy = self.copies(received).postponed(wait, failures);
        match self.write(&received.queue, copy, Instant::now() + wait).await {
            Written::Confirmed => Settlement::Done,
            Written::TooLarge => self.stay(received).await,
            Written::GaveUp => Settlement::Return,
        }
    }

    /// No copy of the message can be written, so it stays in its queue. Not at once: the broker would deliver it again
    /// at once, for ever.
    async fn stay(&self, received: &Received) -> Settlement {
        let services = &self.options.services;
        tracing::error!(
            queue = %received.queue,
            message_id = received.facts(&services.settings().names).message_id().as_deref(),
            pause = ?LONGEST_PAUSE,
            "a message that failed has too large a header for any copy of it: it stays in its queue"
        );
        services.stopping.run_until_cancelled(sleep(LONGEST_PAUSE)).await;
        Settlement::Return
    }

    fn copies<'a>(&'a self, received: &'a Received) -> Copies<'a> {
        let settings = self.options.services.settings();
        Copies { names: &settings.names, time_format: settings.time_format, received }
    }

    /// Writes a copy that a queue gets when it is `due`, again and again with growing pauses, until the broker has it. The
    /// original stays where it is meanwhile (design §4).
    async fn write(&self, queue: &str, copy: Envelope, due: Instant) -> Written {
        let services = &self.options.services;
        let copy = Arc::new(copy);
        let mut pause = FIRST_PAUSE;
        loop {
            let deadline = Instant::now() + services.settings().publish_timeout;
            let mut outgoing = Outgoing::new("", queue, copy.clone(), deadline);
            outgoing.travels_on = true;
            outgoing.delay = Some(due.saturating_duration_since(Instant::now()));
            let error = match self.publisher.publish(outgoing).await {
                Ok(()) => return Written::Confirmed,
                Err(error) => error,
            };
            match error.kind() {
                PublishErrorKind::TooLarge { .. } => return Written::TooLarge,
                PublishErrorKind::Closed => return Written::GaveUp,
                PublishErrorKind::Unroutable { .. } if *queue == self.options.error_queue => {
                    self.restore_error_queue().await;
                }
                _ => {}
            }
            tracing::warn!(queue, %error, ?pause, "a copy could not be written, and is tried again");
            if services.stopping.run_until_cancelled(sleep(pause)).await.is_none() {
                return Written::GaveUp;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Replaces a message by a copy that says how often its queue has taken it back. `None` where there can be no copy (no
    /// room in its header, a queue that is full): then it is handled uncounted, rather than never.
    pub(super) async fn count(&self, received: &Received, returns: u32) -> Option<Settlement> {
        let services = &self.options.services;
        let deadline = deadline::in_future(services.settings().publish_timeout);
        let copy = self.copies(received).counted(returns);
        let mut outgoing = Outgoing::new("", &*received.queue, copy, deadline);
        outgoing.travels_on = true;
        let Err(error) = self.publisher.publish(outgoing).await else {
            services.counters.returns_counted.add_one();
            return Some(Settlement::Done);
        };
        tracing::warn!(queue = %received.queue, returns, %error, "the return of a message could not be counted");
        match error.kind() {
            PublishErrorKind::TooLarge { .. }
            | PublishErrorKind::Refused
            | PublishErrorKind::Rejected { .. } => None,
            _ => Some(Settlement::Return), // there may be a copy, or soon can be
        }
    }

    async fn restore_error_queue(&self) {
        if let Err(error) = self.options.transport.declare(&self.options.error_topology).await {
            tracing::warn!(%error, "the error queue is gone, and could not be declared again");
        }
    }
}
