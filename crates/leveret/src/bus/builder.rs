use std::{fmt, sync::Arc, time::Duration};

use tower::{Layer, Service, util::BoxCloneSyncService};

use super::{Bus, StartError, Target, startup};
use crate::{
    amqp::TlsOptions,
    codec::{Codec, Json},
    consume::Judge,
    context::Delivery,
    envelope::{Names, TimeFormat},
    error::{Failure, HandlerError},
    handler::{Endpoint, ErasedEndpoint},
    middleware::Stack,
    topology::{Layout, QueueOptions},
    transport::MAX_BODY,
};

/// Builds a [`Bus`]. Nothing happens before [`start`](Self::start), which checks everything.
#[must_use = "a bus is started by `.start().await`"]
pub struct BusBuilder {
    pub(super) target: Target,
    pub(super) endpoint: Option<Arc<dyn ErasedEndpoint>>,
    pub(super) claim: Option<String>,
    pub(super) layers: Stack,
    pub(super) layout: Layout,
    pub(super) consuming: Consuming,
    pub(super) judge: Judge,
    pub(super) wire: Wire,
    pub(super) limits: Limits,
    pub(super) connection_name: Option<String>,
    pub(super) instance: Option<String>,
    pub(super) tls: Option<TlsOptions>,
    pub(super) declare: bool,
}

/// How messages are taken and handled.
#[derive(Debug)]
pub(super) struct Consuming {
    pub(super) concurrency: usize,
    pub(super) prefetch: Option<u16>,
}

/// How messages are written.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) codec: Arc<dyn Codec>,
    pub(super) header_prefix: String,
    pub(super) time_format: TimeFormat,
}

/// How long and how large.
#[derive(Debug)]
pub(super) struct Limits {
    pub(super) max_body: usize,
    pub(super) connection_timeout: Option<Duration>,
    pub(super) start_timeout: Duration,
    pub(super) publish_timeout: Duration,
    pub(super) request_timeout: Duration,
    pub(super) handler_timeout: Duration,
    pub(super) shutdown_timeout: Duration,
}

impl BusBuilder {
    pub(super) fn new(target: Target) -> Self {
        Self {
            target,
            endpoint: None,
            claim: None,
            layers: Stack::default(),
            layout: Layout::default(),
            consuming: Consuming { concurrency: 10, prefetch: None },
            judge: Judge::default(),
            wire: Wire {
                codec: Arc::new(Json),
                header_prefix: Names::DEFAULT_PREFIX.to_owned(),
                time_format: TimeFormat::default(),
            },
            limits: Limits {
                max_body: MAX_BODY,
                connection_timeout: None,
                start_timeout: Duration::from_secs(30),
                publish_timeout: Duration::from_secs(30),
                request_timeout: Duration::from_secs(30),
                handler_timeout: Duration::from_secs(20 * 60),
                shutdown_timeout: Duration::from_secs(30),
            },
            connection_name: None,
            instance: None,
            tls: None,
            declare: true,
        }
    }

    /// The service that handles what arrives. Without one the bus only sends. One endpoint a bus; several buses may
    /// share a process.
    pub fn endpoint<E: Endpoint>(mut self, endpoint: E) -> Self {
        self.endpoint = Some(Arc::new(endpoint));
        self
    }

    /// Whose events a bus without an endpoint publishes: a batch job of the service `billing` claims "billing". An
    /// event with another owner is refused, and without a claim each event with an owner.
    pub fn claim(mut self, endpoint: impl Into<String>) -> Self {
        self.claim = Some(endpoint.into());
        self
    }

    /// How many handlers run at the same time: 10 unless said otherwise, 65535 at most. With 1 they run in the order in
    /// which their messages came.
    pub fn concurrency(mut self, handlers: usize) -> Self {
        self.consuming.concurrency = handlers;
        self
    }

    /// How many messages are taken out of the queue ahead: as many as the concurrency, unless said otherwise.
    pub fn prefetch(mut self, messages: u16) -> Self {
        self.consuming.prefetch = Some(messages);
        self
    }

    /// Puts a `tower::Layer` around the handlers. The first one added is the outermost.
    ///
    /// Any layer will do whose service takes a [`Delivery`], answers `()`, and fails with what turns into a
    /// [`HandlerError`]. What it wraps fails with [`Failure`].
    ///
    /// ```no_run
    /// use std::time::Duration;
    /// # use leveret::Bus;
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let bus = Bus::builder("memory://shop")
    ///     .layer(tower::limit::ConcurrencyLimitLayer::new(4))
    ///     .layer(tower::timeout::TimeoutLayer::new(Duration::from_secs(10)))
    ///     .start()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<BoxCloneSyncService<Delivery, (), Failure>> + Send + Sync + 'static,
        L::Service: Service<Delivery, Response = ()> + Clone + Send + Sync + 'static,
        <L::Service as Service<Delivery>>::Error: Into<HandlerError>,
        <L::Service as Service<Delivery>>::Future: Send + 'static,
    {
        self.layers.push(layer);
        self
    }

    /// How the endpoint's queue is declared: quorum unless said otherwise.
    pub fn queue(mut self, options: QueueOptions) -> Self {
        self.layout = self.layout.queue(options);
        self
    }

    /// How the error queue is declared: plain, as PikaBus declares it, unless said otherwise.
    pub fn error_queue(mut self, options: QueueOptions) -> Self {
        self.layout = self.layout.error_queue(options);
        self
    }

    /// Where failed messages go: `error` unless said otherwise.
    pub fn error_queue_name(mut self, name: impl Into<String>) -> Self {
        self.layout = self.layout.error_queue_name(name);
        self
    }

    /// The exchange of commands and replies: `PikaBusDirect` unless said otherwise.
    pub fn direct_exchange(mut self, name: impl Into<String>) -> Self {
        self.layout = self.layout.direct_exchange(name);
        self
    }

    /// The exchange of events: `PikaBusTopic` unless said otherwise.
    pub fn topic_exchange(mut self, name: impl Into<String>) -> Self {
        self.layout = self.layout.topic_exchange(name);
        self
    }

    /// How contracts become bodies: JSON unless said otherwise.
    pub fn codec(mut self, codec: impl Codec) -> Self {
        self.wire.codec = Arc::new(codec);
        self
    }

    /// What the names of the headers begin with: `PikaBus.` unless said otherwise.
    pub fn header_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.wire.header_prefix = prefix.into();
        self
    }

    /// How times are written into headers: ISO 8601 unless said otherwise.
    pub fn time_format(mut self, format: TimeFormat) -> Self {
        self.wire.time_format = format;
        self
    }

    /// Whether exchanges, queues and bindings are declared (yes, unless said otherwise). With `false` they are only
    /// checked, for services that may not configure the broker.
    pub fn declare(mut self, declare: bool) -> Self {
        self.declare = declare;
        self
    }

    /// What the connections are called in the broker's management: the endpoint's name unless said otherwise.
    pub fn connection_name(mut self, name: impl Into<String>) -> Self {
        self.connection_name = Some(name.into());
        self
    }

    /// What tells this process from others of the same endpoint: part of the name of its reply queue, random unless
    /// said otherwise. A stable one leaves no queue behind after a crash; two processes must not share one.
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.instance = Some(name.into());
        self
    }

    /// Certificates for an `amqps://` URL, instead of the ones in its query.
    pub fn tls(mut self, options: TlsOptions) -> Self {
        self.tls = Some(options);
        self
    }

    /// The longest body that is sent, in bytes: 16 MiB unless said otherwise, the limit of RabbitMQ 4.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.limits.max_body = bytes;
        self
    }

    /// How long one attempt to connect may take: 10 s, or what the URL says, unless said otherwise.
    pub fn connection_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connection_timeout = Some(timeout);
        self
    }

    /// How long the whole start may take: 30 s unless said otherwise. A broker that is not up yet is tried until then.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.limits.start_timeout = timeout;
        self
    }

    /// How long a message may take to be confirmed: 30 s unless said otherwise.
    pub fn publish_timeout(mut self, timeout: Duration) -> Self {
        self.limits.publish_timeout = timeout;
        self
    }

    /// How long a request waits for its reply: 30 s unless said otherwise, 49 days at most.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.limits.request_timeout = timeout;
        self
    }

    /// How long one run of a handler may take: 20 min unless said otherwise. RabbitMQ closes the channel of a consumer
    /// that holds a message for 30 min, the wait for its turn included.
    pub fn handler_timeout(mut self, timeout: Duration) -> Self {
        self.limits.handler_timeout = timeout;
        self
    }

    /// How long running handlers may take to finish when the bus is shut down or paused: 30 s unless said otherwise.
    pub fn shutdown_timeout(mut self, timeout: Duration) -> Self {
        self.limits.shutdown_timeout = timeout;
        self
    }

    /// Connects, declares, and returns when the endpoint consumes.
    ///
    /// A broker that cannot be reached is tried again until the `start_timeout`; what cannot get better (credentials,
    /// virtual host, permission, a queue with other arguments) fails at once. Dropping the future gives the start up.
    ///
    /// # Errors
    /// See [`StartErrorKind`](super::StartErrorKind).
    pub async fn start(self) -> Result<Bus, StartError> {
        startup::start(self).await
    }
}

impl fmt::Debug for BusBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BusBuilder")
            .field("target", &self.target)
            .field("endpoint", &self.endpoint.as_ref().map(|endpoint| endpoint.name()))
            .field("layout", &self.layout)
            .field("consuming", &self.consuming)
            .field("judge", &self.judge)
            .field("wire", &self.wire)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
