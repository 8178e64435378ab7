use std::{
    env,
    io::Write,
    path::{Path, PathBuf},
    sync::LazyLock,
    time::Duration,
};

use leveret::{Bus, BusBuilder};
use leveret_tests::broker::{Broker, VirtualHost};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::python::{Python, Refused};

/// How long anything may take that must happen. Long, because Python starts slowly where cores are shared.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

const VARIABLE: &str = "LEVERET_INTEROP_PYTHON";

/// The Python that has PikaBus; without one, says so once. Straight to the stream: the test harness captures `eprintln`.
static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let made_by_xtask =
        Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("interop-venv").join("bin/python");
    let python =
        env::var_os(VARIABLE).map(PathBuf::from).or(Some(made_by_xtask).filter(|path| path.exists()));
    if python.is_none() {
        let _ = writeln!(
            std::io::stderr(),
            "interop: LEFT OUT, every test below passes without testing: {VARIABLE} names no Python with PikaBus, and \
             target/interop-venv does not exist; `cargo xtask test` makes it"
        );
    }
    python
});

/// Where one test takes place: a virtual host, and the Python for its services.
#[derive(Debug)]
pub(crate) struct Site {
    vhost: VirtualHost,
    python: &'static Path,
}

impl Site {
    /// `None` where the suite is left out.
    pub(crate) async fn open() -> Option<Self> {
        let python = PYTHON.as_deref()?;
        Some(Self { vhost: Broker::shared().await.vhost().await, python })
    }

    pub(crate) fn bus(&self) -> BusBuilder {
        Bus::builder(self.vhost.url())
    }

    /// A Python service that is up: it listens, where it has a queue. `service.py` tells the options.
    pub(crate) async fn python(&self, options: Value) -> Python {
        self.try_python(options).await.unwrap()
    }

    pub(crate) async fn try_python(&self, options: Value) -> Result<Python, Refused> {
        Python::start(self.python, &self.vhost.url(), options).await
    }

    /// How many messages wait in a queue that exists.
    pub(crate) async fn depth(&self, queue: &str) -> Option<u64> {
        let queues = self.vhost.list_queues().await;
        queues.into_iter().find(|info| info.name == queue).map(|info| info.messages)
    }

    /// Waits until a queue exists and this many messages wait in it: the broker tells nobody by itself.
    pub(crate) async fn until_depth(&self, queue: &str, messages: u64) {
        let reached = async {
            while self.depth(queue).await != Some(messages) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        assert!(timeout(PATIENCE, reached).await.is_ok(), "`{queue}` never held {messages} messages");
    }

    /// The name of the only queue that begins like this.
    pub(crate) async fn queue_that_begins(&self, prefix: &str) -> String {
        let queues = self.vhost.list_queues().await;
        let mut found = queues.into_iter().map(|info| info.name).filter(|name| name.starts_with(prefix));
        let name = found.next().unwrap();
        assert_eq!(found.next(), None);
        name
    }
}
