use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    handed::Handed,
    left_behind::LeftBehind,
    registry::Registry,
    session::{Request, Session},
    suspicion::Suspicion,
    worker::{Signals, Worker},
};
use crate::{
    amqp::{connection::Connected, topology::Memory},
    transport::{Consumer, Incoming},
};

/// How long the broker may take to say goodbye.
const FAREWELL: Duration = Duration::from_secs(10);

/// What comes out of one queue. Dropping it gives the consumer up.
pub(crate) struct AmqpConsumer {
    queue: Arc<str>,
    arriving: mpsc::Receiver<Handed>,
    signals: Signals,
    task: Option<JoinHandle<()>>,
}

impl AmqpConsumer {
    /// `stop` closes it too: the end of the transport.
    #[expect(clippy::too_many_arguments, reason = "the parts of the transport that a consumer works with")]
    pub(crate) fn start(
        session: Session,
        request: Request,
        connected: Connected,
        topology: Arc<Memory>,
        registry: Arc<Registry>,
        last_error: watch::Sender<Option<String>>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Self {
        let (hand_over, arriving) = mpsc::channel(request.most_unsettled());
        let signals = Signals { close: stop.child_token(), ..Signals::default() };
        let queue = request.queue.clone();
        let present = Some(registry.enter(&queue)); // before anybody asks
        let worker = Worker {
            request,
            connected,
            topology,
            registry,
            present,
            last_error,
            suspicion: Suspicion::default(),
            isolated: None,
            left_behind: LeftBehind::default(),
            signals: signals.clone(),
            hand_over: Some(hand_over),
        };
        let task = tasks.spawn(worker.run(session));
        Self { queue, arriving, signals, task: Some(task) }
    }
}

#[async_trait]
impl Consumer for AmqpConsumer {
    async fn next(&mut self) -> Option<Incoming> {
        loop {
            if let Some(incoming) = self.arriving.recv().await?.into_incoming() {
                return Some(incoming);
            }
        }
    }

    fn try_next(&mut self) -> Option<Incoming> {
        loop {
            if let Some(incoming) = self.arriving.try_recv().ok()?.into_incoming() {
                return Some(incoming);
            }
        }
    }

    async fn cancel(&mut self) {
        self.signals.cancel.cancel();
        // The task answers within the limits of its own calls; without a connection at once.
        let _ = timeout(FAREWELL, self.signals.cancelled.cancelled()).await;
    }

    async fn close(mut self: Box<Self>) {
        // What was not asked for any more goes back first, without blame.
        self.arriving.close();
        while let Ok(handed) = self.arriving.try_recv() {
            drop(handed);
        }
        self.signals.close.cancel();
        if let Some(task) = self.task.take() {
            let _ = timeout(FAREWELL, task).await;
        }
    }
}

impl Drop for AmqpConsumer {
    fn drop(&mut self) {
        self.signals.close.cancel();
    }
}

impl fmt::Debug for AmqpConsumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmqpConsumer").field("queue", &self.queue).finish_non_exhaustive()
    }
}
