use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{
    sync::{Semaphore, watch},
    time::{Instant, timeout, timeout_at},
};
use tokio_util::task::TaskTracker;

use super::{
    connection::{Connected, Link, Phase, Supervisor},
    consumer::{AmqpConsumer, Registry, Request, Session},
    delay::Delays,
    operator::{OPERATION_TIMEOUT, Operator, delete, depth},
    publisher::{self, AmqpPublisher},
    pull::pull,
    settings::Settings,
    stages::Stages,
    topology::{self, Memory, fits},
};
use crate::{
    topology::{Binding, Topology},
    transport::{
        ConnectionState, Consumer, Incoming, Publisher, Status, Transport, TransportError, TransportErrorKind,
    },
};

/// How many messages may be pulled (`basic.get`) and not settled: each holds a channel.
const PULLED: usize = 64;

/// RabbitMQ: one connection that publishes and one that consumes (hazard H20), and the tasks that own them.
pub(super) struct AmqpTransport {
    settings: Arc<Settings>,
    publishing: Connected,
    consuming: Connected,
    operator: Operator,
    topology: Arc<Memory>,
    publisher: Arc<AmqpPublisher>,
    delays: Arc<Delays>,
    consumers: Arc<Registry>,
    pulled: Arc<Semaphore>,
    /// Why a connection was last lost, or a consumer was paused.
    last_error: watch::Sender<Option<String>>,
    /// The connections, the publisher, and calls that nobody waits for any more.
    tasks: TaskTracker,
    /// What owns a consuming channel.
    owners: TaskTracker,
    stages: Stages,
}

impl AmqpTransport {
    /// Starts to connect. Needs a tokio runtime.
    pub(super) fn start(settings: Settings) -> Self {
        let settings = Arc::new(settings);
        let (tasks, stages, topology) = (TaskTracker::new(), Stages::default(), Arc::new(Memory::default()));
        let last_error = watch::Sender::new(None);
        let supervise = |purpose, topology| {
            let (supervisor, connected) = Supervisor::new(
                settings.clone(),
                purpose,
                topology,
                last_error.clone(),
                tasks.clone(),
                stages.disconnect.clone(),
            );
            tasks.spawn(supervisor.run());
            connected
        };
        let publishing = supervise("publishing", None);
        let consuming = supervise("consuming", Some(topology.clone()));
        let (worker, publisher) = publisher::Worker::new(
            settings.clone(),
            publishing.clone(),
            consuming.clone(),
            topology.clone(),
            stages.drain.clone(),
            stages.stop_publishing.clone(),
        );
        let stopped = stages.stop_publishing.clone();
        tasks.spawn(async move {
            worker.run().await;
            // Tells the shutdown that there is nothing left to wait for.
            stopped.cancel();
        });
        let operator = Operator { consuming: consuming.clone(), closing: stages.closing.clone() };
        Self {
            settings,
            publishing,
            delays: Arc::new(Delays::new(publisher.clone(), operator.clone(), topology.clone())),
            operator,
            consuming,
            topology,
            publisher,
            consumers: Arc::default(),
            pulled: Arc::new(Semaphore::new(PULLED)),
            last_error,
            tasks,
            owners: TaskTracker::new(),
            stages,
        }
    }

    /// Waits for both connections.
    ///
    /// # Errors
    /// What the broker refuses for good, at once; and that it cannot be reached, after `limit`.
    pub(super) async fn connected(&self, limit: Duration) -> Result<(), TransportError> {
        let (mut publishing, mut consuming) = (self.publishing.clone(), self.consuming.clone());
        let both = async { tokio::try_join!(publishing.first(), consuming.first()).map(drop) };
        let failure = match timeout(limit, both).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(kind)) => kind,
            Err(_) => TransportErrorKind::Unreachable { reason: self.waited_for(limit) },
        };
        // Whoever failed to start does not wait for the remains; they end by themselves, within their own limits.
        self.stages.cancel_all();
        Err(failure.into())
    }

    fn waited_for(&self, limit: Duration) -> String {
        let hosts: Vec<_> = self.settings.hosts.iter().map(ToString::to_string).collect();
        let last = self.last_error.borrow().clone().unwrap_or_else(|| "no attempt has ended yet".to_owned());
        format!("waited {limit:?} for {}; last: {last}", hosts.join(", "))
    }

    fn state(&self, connected: &Connected) -> ConnectionState {
        match connected.phase() {
            Phase::Up(link) if link.is_ended() => {
                ConnectionState::Backoff { attempt: 0, error: link.reason() }
            }
            phase => phase.state(),
        }
    }
}

#[async_trait]
impl Transport for AmqpTransport {
    async fn declare(&self, topology: &Topology) -> Result<(), TransportError> {
        self.operator
            .run("declare the topology", |link| async move { topology::declare(&link, topology).await })
            .await?;
        self.topology.add(topology);
        Ok(())
    }

    async fn bind(&self, binding: &Binding) -> Result<(), TransportError> {
        self.operator.run("bind a queue", |link| async move { topology::bind(&link, binding).await }).await?;
        self.topology.bind(binding);
        Ok(())
    }

    async fn unbind(&self, binding: &Binding) -> Result<(), TransportError> {
        // Forgotten first: a reconnect in between must not restore it.
        self.topology.unbind(binding);
        self.operator
            .run("unbind a queue", |link| async move { topology::unbind(&link, binding).await })
            .await
    }

    fn publisher(&self) -> Arc<dyn Publisher> {
        self.delays.clone()
    }

    async fn consume(&self, queue: &str, prefetch: u16) -> Result<Box<dyn Consumer>, TransportError> {
        let action = format!("consume the queue `{queue}`");
        fits(&action, &[queue])?;
        let request = Request { queue: queue.into(), prefetch: prefetch.max(1) };
        let open = |link: Arc<Link>| {
            let (request, action) = (request.clone(), &action);
            async move { Session::open(&link, &request).await.map_err(|broken| broken.trouble.into_kind(action)) }
        };
        let session = self.operator.run(&action, open).await?;
        Ok(Box::new(AmqpConsumer::start(
            session,
            request,
            self.consuming.clone(),
            self.topology.clone(),
            self.consumers.clone(),
            self.last_error.clone(),
            &self.owners,
            &self.stages.stop_consuming,
        )))
    }

    async fn get(&self, queue: &str) -> Result<Option<Incoming>, TransportError> {
        let action = format!("get a message from the queue `{queue}`");
        fits(&action, &[queue])?;
        let get = |link: Arc<Link>| {
            let action = &action;
            async move {
                let place = timeout(OPERATION_TIMEOUT, self.pulled.clone().acquire_owned()).await;
                let Ok(Ok(place)) = place else {
                    let reason = format!("{PULLED} messages are pulled and not settled");
                    return Err(TransportErrorKind::Interrupted { action: action.clone(), reason });
                };
                let stop = self.stages.stop_consuming.clone();
                pull(&link, queue, place, &self.owners, stop)
                    .await
                    .map_err(|trouble| trouble.into_kind(action))
            }
        };
        self.operator.run(&action, get).await
    }

    async fn queue_depth(&self, queue: &str) -> Result<u32, TransportError> {
        let action = format!("look into the queue `{queue}`");
        fits(&action, &[queue])?;
        let look = |link: Arc<Link>| {
            let action = &action;
            async move { depth(&link, queue).await.map_err(|trouble| trouble.into_kind(action)) }
        };
        self.operator.run(&action, look).await
    }

    async fn delete_queue(&self, queue: &str) -> Result<(), TransportError> {
        let action = format!("delete the queue `{queue}`");
        fits(&action, &[queue])?;
        // Forgotten first: a reconnect in between must not restore it.
        self.topology.forget_queue(queue);
        let forget = |link: Arc<Link>| {
            let action = &action;
            async move { delete(&link, queue).await.map_err(|trouble| trouble.into_kind(action)) }
        };
        self.operator.run(&action, forget).await
    }

    fn status(&self) -> Status {
        let publishing = match self.state(&self.publishing) {
            ConnectionState::Up { epoch } if self.publisher.is_stalled() => {
                ConnectionState::Stalled { epoch }
            }
            state => state,
        };
        Status {
            publishing,
            consuming: self.state(&self.consuming),
            consumers: self.consumers.queues(),
            unconfirmed: self.publisher.unconfirmed(),
            last_error: self.last_error.borrow().clone(),
        }
    }

    async fn close(&self, limit: Duration) {
        let deadline = Instant::now() + limit;
        // Leaves a quarter for the acks and the goodbyes, when the broker confirms nothing any more.
        let confirmed_by = Instant::now() + limit * 3 / 4;
        self.stages.closing.cancel();
        self.publisher.close();
        self.stages.drain.cancel();
        let _ = timeout_at(confirmed_by, self.stages.stop_publishing.cancelled()).await;
        self.stages.stop_consuming.cancel();
        self.owners.close();
        let _ = timeout_at(deadline, self.owners.wait()).await;
        self.stages.cancel_all();
        self.tasks.close();
        if timeout_at(deadline, self.tasks.wait()).await.is_err() {
            tracing::warn!(?limit, "RabbitMQ did not let go of everything in time; the rest ends by itself");
        }
    }
}

impl Drop for AmqpTransport {
    fn drop(&mut self) {
        if !self.stages.closing.is_cancelled() {
            tracing::warn!(
                "a connection to RabbitMQ is dropped without being closed: what is unconfirmed may be lost"
            );
        }
        self.stages.cancel_all();
    }
}

impl fmt::Debug for AmqpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmqpTransport").field("status", &self.status()).finish_non_exhaustive()
    }
}
