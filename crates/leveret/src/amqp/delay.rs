use std::{
    collections::HashMap,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::OnceCell,
    time::{Instant, timeout_at},
};

use super::{
    connection::Link,
    operator::Operator,
    publisher::AmqpPublisher,
    topology::{Memory, bind_delivery, declare_cascade},
};
use crate::{
    delay::{entrance, level_name},
    headers::Text,
    transport::{Outgoing, PublishError, PublishErrorKind, Publisher, TransportErrorKind, check_delay},
};

/// How many queues are remembered as bound. Beyond that they are bound once more.
const MOST_QUEUES: usize = 10_000;

/// The way out, for delayed messages by the levels of the broker's delay (design §5).
///
/// The levels are declared when the first message needs them, and each destination is bound before the first message
/// for it: once on each connection.
pub(super) struct Delays {
    publisher: Arc<AmqpPublisher>,
    operator: Operator,
    topology: Arc<Memory>,
    ready: Mutex<Ready>,
}

/// What was made ready, on the last connection that was used for it.
#[derive(Default)]
struct Ready {
    epoch: u64,
    levels: Arc<OnceCell<()>>,
    queues: HashMap<String, Arc<OnceCell<()>>>,
}

impl Delays {
    pub(super) fn new(publisher: Arc<AmqpPublisher>, operator: Operator, topology: Arc<Memory>) -> Self {
        Self { publisher, operator, topology, ready: Mutex::default() }
    }

    /// The same message, on its way to the level where its wait begins. The time that this takes counts.
    ///
    /// # Errors
    /// When its queue does not exist, and when the levels cannot be made ready in time.
    async fn enter(&self, outgoing: Outgoing, delay: Duration) -> Result<Outgoing, PublishErrorKind> {
        let (began, queue) = (Instant::now(), outgoing.routing_key.clone());
        if !self.topology.is_check_only() {
            match timeout_at(outgoing.deadline, self.make_ready(&queue)).await {
                Ok(made) => made.map_err(|kind| refusal(kind, &queue))?,
                Err(_) => {
                    let reason = "the levels of the broker's delay were not ready".to_owned();
                    return Err(PublishErrorKind::NotSent { reason });
                }
            }
        }
        let (exchange, routing_key) = match entrance(delay.saturating_sub(began.elapsed()), &queue) {
            Some(entrance) => (level_name(entrance.level).into(), entrance.key.into()),
            None => (Text::default(), queue),
        };
        let mut envelope = outgoing.envelope;
        if envelope.properties.expiration.is_some() || envelope.properties.priority.is_some() {
            // A level would expire the one too early, and put the others off for the sake of the other.
            let properties = &mut Arc::make_mut(&mut envelope).properties;
            (properties.expiration, properties.priority) = (None, None);
        }
        Ok(Outgoing { exchange, routing_key, envelope, delay: None, ..outgoing })
    }

    /// Publishes what is to wait.
    async fn delay(&self, outgoing: Outgoing, delay: Duration) -> Result<(), PublishError> {
        check_delay(&outgoing)?;
        if delay.is_zero() {
            return self.publisher.publish(outgoing).await;
        }
        let began = Instant::now();
        let published = self.publisher.publish(self.enter(outgoing.clone(), delay).await?).await;
        let is_missing = |error: &PublishError| {
            matches!(
                error.kind(),
                PublishErrorKind::Unroutable { .. } | PublishErrorKind::Rejected { code: 404, .. }
            )
        };
        if !published.as_ref().is_err_and(is_missing) {
            return published;
        }
        // Somebody has deleted on a connection that lives what was made ready on it.
        *self.lock() = Ready::default();
        let rest = delay.saturating_sub(began.elapsed());
        self.publisher.publish(self.enter(outgoing, rest).await?).await
    }

    async fn make_ready(&self, queue: &str) -> Result<(), TransportErrorKind> {
        let on = |link: Arc<Link>| async move {
            let (levels, bound) = self.cells(link.epoch, queue);
            levels.get_or_try_init(|| declare_cascade(&link)).await?;
            let bind = || async {
                bind_delivery(&link, queue).await?;
                self.topology.awaits_delayed(queue);
                Ok(())
            };
            bound.get_or_try_init(bind).await.copied()
        };
        let made = self.operator.run("make the broker's delay ready", on).await;
        made.map_err(|error| error.kind().clone())
    }

    fn cells(&self, epoch: u64, queue: &str) -> (Arc<OnceCell<()>>, Arc<OnceCell<()>>) {
        let mut ready = self.lock();
        if ready.epoch != epoch || ready.queues.len() >= MOST_QUEUES {
            *ready = Ready { epoch, ..Ready::default() };
        }
        let bound = match ready.queues.get(queue) {
            Some(bound) => bound.clone(),
            None => ready.queues.entry(queue.to_owned()).or_default().clone(),
        };
        (ready.levels.clone(), bound)
    }

    fn lock(&self) -> MutexGuard<'_, Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What `async_trait` makes of [`Publisher`], by hand: a message without delay does not pay for the large future of one
/// with it, and its own is not boxed twice.
impl Publisher for Delays {
    fn publish<'a, 'async_trait>(
        &'a self,
        outgoing: Outgoing,
    ) -> Pin<Box<dyn Future<Output = Result<(), PublishError>> + Send + 'async_trait>>
    where
        'a: 'async_trait,
        Self: 'async_trait,
    {
        match outgoing.delay {
            Some(delay) => Box::pin(self.delay(outgoing, delay)),
            None => Box::pin(self.publisher.publish(outgoing)),
        }
    }
}

impl fmt::Debug for Delays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.publisher.fmt(f)
    }
}

/// What keeps a message from being delayed, as its sender is told.
fn refusal(kind: TransportErrorKind, queue: &str) -> PublishErrorKind {
    match kind {
        TransportErrorKind::NotFound { .. } => {
            PublishErrorKind::Unroutable { exchange: String::new(), routing_key: queue.to_owned() }
        }
        TransportErrorKind::Closed => PublishErrorKind::Closed,
        TransportErrorKind::AccessRefused { .. } => {
            PublishErrorKind::Rejected { code: 403, text: kind.to_string() }
        }
        TransportErrorKind::Refused { code, .. } => {
            PublishErrorKind::Rejected { code, text: kind.to_string() }
        }
        other => PublishErrorKind::NotSent { reason: other.to_string() },
    }
}
