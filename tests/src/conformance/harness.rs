use std::{
    fmt,
    future::Future,
    pin::Pin,
    process,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use leveret::transport::Transport;
use tokio::time::timeout;

type Connecting = Pin<Box<dyn Future<Output = Arc<dyn Transport>> + Send>>;

/// How long a case may take. Only a broken one takes it: a case that waits is woken by what it waits for.
const CASE: Duration = Duration::from_secs(90);
const CLOSE: Duration = Duration::from_secs(10);

/// What a case runs on: a broker to connect to, and names that nobody else uses on it.
pub struct Harness {
    connect: Box<dyn Fn() -> Connecting + Send + Sync>,
    connected: Mutex<Vec<Arc<dyn Transport>>>,
}

impl Harness {
    /// A harness whose transports are made by `connect`, all to the same broker.
    pub fn new<F>(connect: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Arc<dyn Transport>> + Send + 'static,
    {
        Self { connect: Box::new(move || Box::pin(connect())), connected: Mutex::default() }
    }

    /// A new connection to the broker. The harness closes it when the case is over.
    pub async fn connect(&self) -> Arc<dyn Transport> {
        let transport = (self.connect)().await;
        self.connected.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&transport));
        transport
    }

    /// A name for a queue or an exchange, different each time, also from those of other processes and runs.
    #[must_use]
    pub fn name(&self, what: &str) -> String {
        static NAMES: AtomicU64 = AtomicU64::new(0);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        format!("{what}.{}-{now}-{}", process::id(), NAMES.fetch_add(1, Ordering::Relaxed))
    }

    /// Runs one case, and closes what it connected.
    pub async fn run(self, case: impl AsyncFnOnce(&Self)) {
        timeout(CASE, case(&self)).await.expect("the case ends in time");
        let connected = self.connected.into_inner().unwrap_or_else(PoisonError::into_inner);
        for transport in connected {
            transport.close(CLOSE).await;
        }
    }
}

impl fmt::Debug for Harness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Harness").finish_non_exhaustive()
    }
}
