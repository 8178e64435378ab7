use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    pending::{Arrival, Pending},
    requester::Waiter,
};
use crate::{
    envelope::Names,
    telemetry::Counters,
    topology::Topology,
    transport::{Consumer, Incoming, Settlement, Transport, TransportError, TransportErrorKind},
};

/// How many replies may be on their way to the requests that await them.
const PREFETCH: u16 = 100;

/// How long the end of the reply consumer may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(5);

/// The task that sets up the queue for replies, and takes replies out of it: the handle.
///
/// It is a task of its own and no part of a request, because a request may be dropped at any point, and must not leave a
/// consumer behind that takes the replies of others.
#[derive(Debug)]
pub(super) struct Replies {
    task: TaskTracker,
    set_up: watch::Receiver<SetUp>,
}

/// How far the set-up is.
#[derive(Debug, Clone)]
enum SetUp {
    UnderWay,
    Done,
    Failed(TransportErrorKind),
}

/// What the task works with.
pub(super) struct Worker {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) queue: Arc<str>,
    /// Empty where this bus declares nothing.
    pub(super) topology: Topology,
    pub(super) pending: Arc<Mutex<Pending<Waiter>>>,
    pub(super) names: Arc<Names>,
    pub(super) counters: Arc<Counters>,
    pub(super) closing: CancellationToken,
}

impl Replies {
    pub(super) fn start(worker: Worker) -> Self {
        let (progress, set_up) = watch::channel(SetUp::UnderWay);
        let task = TaskTracker::new();
        task.spawn(worker.run(progress));
        task.close();
        Self { task, set_up }
    }

    /// Whether the set-up failed, so that it is worth another try.
    pub(super) fn has_failed(&self) -> bool {
        matches!(*self.set_up.borrow(), SetUp::Failed(_))
    }

    /// Waits until replies can come. Cancel safe.
    pub(super) fn ready(&self) -> impl Future<Output = Result<(), TransportErrorKind>> + Send + use<> {
        let mut set_up = self.set_up.clone();
        async move {
            match set_up.wait_for(|set_up| !matches!(set_up, SetUp::UnderWay)).await.as_deref() {
                Ok(SetUp::Failed(kind)) => Err(kind.clone()),
                Ok(_) => Ok(()),
                Err(_) => Err(TransportErrorKind::Closed),
            }
        }
    }

    /// Waits for the end of the task, which `closing` asked for.
    pub(super) fn join(&self) -> impl Future<Output = ()> + Send + use<> {
        let task = self.task.clone();
        async move {
            if timeout(CLOSE_TIMEOUT, task.wait()).await.is_err() {
                tracing::warn!("the consumer of replies did not end in time");
            }
        }
    }
}

impl Worker {
    async fn run(self, progress: watch::Sender<SetUp>) {
        let mut consumer = match self.set_up().await {
            Ok(consumer) => consumer,
            Err(error) => {
                progress.send_replace(SetUp::Failed(error.kind().clone()));
                return;
            }
        };
        progress.send_replace(SetUp::Done);
        while let Some(Some(incoming)) = self.closing.run_until_cancelled(consumer.next()).await {
            self.hand_over(incoming);
        }
        consumer.cancel().await;
        consumer.close().await;
    }

    async fn set_up(&self) -> Result<Box<dyn Consumer>, TransportError> {
        self.transport.declare(&self.topology).await?;
        self.transport.consume(&self.queue, PREFETCH).await
    }

    /// Gives a reply to the request that awaits it. A reply that nobody awaits is done as well: it cannot be used again.
    fn hand_over(&self, incoming: Incoming) {
        let received = Arc::new(incoming.received);
        let facts = received.facts(&self.names);
        let answered = facts.in_reply_to().or_else(|| facts.correlation_id()).map(|id| {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            pending.arrive(&id)
        });
        let awaited = match answered {
            Some(Arrival::Awaited(waiter)) => waiter.send(received.clone()).is_ok(),
            Some(Arrival::Late) | None => false,
        };
        if !awaited {
            self.counters.replies_late.add_one();
            tracing::debug!(
                correlation_id = facts.correlation_id().as_deref(),
                "a reply that no request awaits any more is ignored"
            );
        }
        incoming.unsettled.settle(Settlement::Done);
    }
}
