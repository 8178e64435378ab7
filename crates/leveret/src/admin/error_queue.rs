use std::{ops::ControlFlow, sync::Arc, time::Duration};

use tokio::time::{Instant, sleep};

use super::{
    AdminError, Ending, Failed, Filter, Progress, Redrive, Redriven, copies::Copies, find, list, purge,
    redrive,
};
use crate::{
    envelope::{Names, Received},
    transport::Transport,
};

/// How long to wait for the broker to put back what was returned, and how often to ask.
const TAKES_BACK: Duration = Duration::from_secs(2);
const ASK: Duration = Duration::from_millis(20);

/// The error queue of a virtual host (design §2): to look into, to redrive and to purge.
///
/// Looking does not lose anything: RabbitMQ 4 drops from a quorum queue without a limit what was returned 20 times, so
/// a message that was returned 8 times is first replaced by a confirmed copy, with the header `Renewed`.
///
/// While it is looked at, a message is with whoever looks, and nobody else sees it. Each operation looks at what is
/// ready when it begins, not at what comes later, and ends within about 20 minutes.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use std::{ops::ControlFlow, time::Duration};
/// use leveret::{admin::{ErrorQueue, Filter, Redrive}, amqp::AmqpOptions};
///
/// let transport = AmqpOptions::from_url("amqp://localhost")?.connect().await?;
/// let errors = ErrorQueue::new(transport.clone());
/// for failed in errors.list(&Filter::new().source("billing"), 20).await?.messages {
///     println!("{:?} {}", failed.id, failed.error);
/// }
/// let redrive = Redrive::new().filter(Filter::new().source("billing"));
/// let redriven = errors.redrive(&redrive, |_| ControlFlow::Continue(())).await?;
/// println!("{} redriven, {} left", redriven.moved, redriven.left_count);
/// transport.close(Duration::from_secs(10)).await;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct ErrorQueue {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) name: String,
    pub(super) copies: Copies,
}

/// What a look into the error queue has found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listing {
    /// The messages that are meant, as far as they were asked for, in the order of the queue.
    pub messages: Vec<Failed>,
    /// How many are meant.
    pub count: u64,
    /// How many were looked at.
    pub looked_at: u64,
    /// Whether that were all.
    pub ending: Ending,
}

/// One message of the error queue, with everything.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Found {
    /// What it tells of itself.
    pub failed: Failed,
    /// As it is in the queue.
    pub received: Received,
}

impl ErrorQueue {
    /// The queue `error`, with PikaBus' header names.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport, name: "error".to_owned(), copies: Copies::new(Names::DEFAULT_PREFIX) }
    }

    /// Another queue: what the services call their error queue.
    #[must_use]
    pub fn name(mut self, queue: impl Into<String>) -> Self {
        self.name = queue.into();
        self
    }

    /// What the names of the services' headers begin with; the default is `PikaBus.`.
    #[must_use]
    pub fn header_prefix(mut self, prefix: &str) -> Self {
        self.copies = Copies::new(prefix);
        self
    }

    /// How many messages are ready in it.
    ///
    /// # Errors
    /// When the queue does not exist, or the broker cannot be reached in time.
    pub async fn depth(&self) -> Result<u32, AdminError> {
        Ok(self.transport.queue_depth(&self.name).await?)
    }

    /// A broker takes a moment to put back what was returned: who looks next shall see it. Not for long, since others may
    /// have taken it meanwhile.
    pub(super) async fn takes_back(&self, returned: usize) {
        let deadline = Instant::now() + TAKES_BACK;
        while Instant::now() < deadline {
            match self.depth().await {
                Ok(depth) if usize::try_from(depth).is_ok_and(|depth| depth < returned) => sleep(ASK).await,
                _ => return,
            }
        }
    }

    /// Looks through the queue, and tells of the first `most` messages that are meant.
    ///
    /// # Cancel safety
    /// Dropping it returns everything.
    ///
    /// # Errors
    /// When the queue does not exist, or the broker cannot be reached in time, or delivers nothing.
    pub async fn list(&self, filter: &Filter, most: usize) -> Result<Listing, AdminError> {
        list::list(self, filter, most).await
    }

    /// The first message that is meant, with its headers and its body; `None` if there is none.
    ///
    /// # Cancel safety
    /// Dropping it returns everything.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub async fn find(&self, filter: &Filter) -> Result<Option<Found>, AdminError> {
        find::find(self, filter).await
    }

    /// Publishes messages to the queues where they failed, by the default exchange, mandatory and confirmed, and takes
    /// each out of the error queue when its copy is confirmed.
    ///
    /// The copy begins anew: ErrorRetries, DeferredTime, ExpiresAt and what tells of the failure are removed, and kept
    /// under names that begin with `Original`, such as `PikaBus.OriginalErrorDetails`. What cannot be moved stays, and
    /// the result says why. Whatever ends it half-way, each message is in at least one of the two queues, and at most
    /// a window of 1,000 in both.
    ///
    /// `progress` is called after each message and at least each half second, and may break it off.
    ///
    /// # Cancel safety
    /// Dropping it returns what is not moved; some of it may have been published all the same.
    ///
    /// # Errors
    /// As [`list`](Self::list). What had been moved by then is moved.
    pub async fn redrive(
        &self,
        redrive: &Redrive,
        progress: impl FnMut(&Progress) -> ControlFlow<()> + Send,
    ) -> Result<Redriven, AdminError> {
        redrive::redrive(self, redrive, progress).await
    }

    /// Removes the messages that are meant, at most `most` of them. Returns how many, and whether all were looked at.
    ///
    /// # Cancel safety
    /// Dropping it leaves what is not removed yet.
    ///
    /// # Errors
    /// As [`list`](Self::list). What had been removed by then is removed.
    pub async fn purge(&self, filter: &Filter, most: u64) -> Result<(u64, Ending), AdminError> {
        purge::purge(self, filter, most).await
    }
}
