use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use leveret::{Bus, BusBuilder, MemoryBroker, amqp::AmqpOptions, transport::Transport};
use tokio::time::timeout;

type Connecting = Pin<Box<dyn Future<Output = Arc<dyn Transport>> + Send>>;

/// How long a case may take. Only a broken one takes it: a case that waits is woken by what it waits for.
const CASE: Duration = Duration::from_secs(90);
/// The same on a paused clock, where days take no time.
const CASE_ON_PAUSED_CLOCK: Duration = Duration::from_secs(100 * 24 * 60 * 60);

/// What a case runs on: a broker, or a virtual host, of its own.
pub struct Env {
    build: Box<dyn Fn() -> BusBuilder + Send + Sync>,
    connect: Box<dyn Fn() -> Connecting + Send + Sync>,
    started: Mutex<Vec<Bus>>,
}

impl Env {
    /// A fresh broker in process.
    #[must_use]
    pub fn memory() -> Self {
        let broker = MemoryBroker::new();
        let transports = broker.clone();
        Self {
            build: Box::new(move || Bus::builder(&broker)),
            connect: Box::new(move || Box::pin(std::future::ready(transports.connect()))),
            started: Mutex::default(),
        }
    }

    /// A virtual host by its URL. `owner` is what keeps it alive, and is dropped with the case.
    pub fn amqp(url: &str, owner: impl Send + Sync + 'static) -> Self {
        let (url, wire_url) = (url.to_owned(), url.to_owned());
        Self {
            build: Box::new(move || {
                let _ = &owner;
                Bus::builder(&url)
            }),
            connect: Box::new(move || {
                let options = AmqpOptions::from_url(&wire_url).unwrap();
                Box::pin(async move { options.connect().await.unwrap() })
            }),
            started: Mutex::default(),
        }
    }

    /// A builder for a bus on this broker.
    pub fn bus(&self) -> BusBuilder {
        (self.build)()
    }

    /// Starts a bus, and shuts it down when the case is over.
    pub async fn start(&self, builder: BusBuilder) -> Bus {
        let bus = builder.start().await.unwrap();
        self.started.lock().unwrap_or_else(PoisonError::into_inner).push(bus.clone());
        bus
    }

    /// A bus that only sends.
    pub async fn sender(&self) -> Bus {
        self.start(self.bus()).await
    }

    /// The broker without a bus: for messages that no bus would write.
    pub async fn wire(&self) -> Arc<dyn Transport> {
        (self.connect)().await
    }

    /// Runs one case, and shuts down what it started.
    pub async fn run(self, case: impl AsyncFnOnce(&Self)) {
        self.run_within(CASE, case).await;
    }

    /// Runs one case that waits for hours, under a paused clock.
    pub async fn run_on_paused_clock(self, case: impl AsyncFnOnce(&Self)) {
        self.run_within(CASE_ON_PAUSED_CLOCK, case).await;
    }

    async fn run_within(self, limit: Duration, case: impl AsyncFnOnce(&Self)) {
        timeout(limit, case(&self)).await.expect("the case ends in time");
        let started = std::mem::take(&mut *self.started.lock().unwrap_or_else(PoisonError::into_inner));
        for bus in started {
            timeout(CASE, bus.shutdown()).await.expect("the shutdown ends in time").unwrap();
        }
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").finish_non_exhaustive()
    }
}
