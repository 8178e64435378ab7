//! What the tests share: one node with the management API, a virtual host for each test, and the command.

use std::{ops::Deref, process::Stdio, sync::Arc, time::Duration};

use leveret::{
    admin::{ErrorQueue, Filter},
    amqp::AmqpOptions,
    envelope::{Envelope, Properties},
    headers::{Headers, Value},
    topology::{Queue, Topology},
    transport::{Outgoing, Publisher, Transport},
};
use leveret_tests::{
    Ran,
    broker::{Broker, BrokerOptions, VirtualHost, free_port},
};
use tokio::{
    process::{Child, Command},
    sync::OnceCell,
    time::{Instant, sleep, timeout},
};

/// Longer than anything takes that works.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The node of all tests here, and where its management API is.
pub(crate) struct Node {
    pub(crate) broker: Broker,
    pub(crate) management: String,
}

pub(crate) async fn node() -> &'static Node {
    static NODE: OnceCell<Node> = OnceCell::const_new();
    NODE.get_or_init(|| async {
        let port = free_port();
        let options = BrokerOptions::new()
            .plugin("rabbitmq_management")
            .config_line(format!("management.tcp.port = {port}"))
            .config_line("management.tcp.ip = 127.0.0.1")
            .config_line("collect_statistics_interval = 1000");
        Node { broker: Broker::start_with(options).await, management: format!("http://127.0.0.1:{port}") }
    })
    .await
}

/// A virtual host of one test, and a connection to it.
pub(crate) struct Site {
    pub(crate) vhost: VirtualHost,
    pub(crate) transport: Arc<dyn Transport>,
}

impl Deref for Site {
    type Target = dyn Transport;

    fn deref(&self) -> &Self::Target {
        &*self.transport
    }
}

impl Site {
    /// With these queues, each without arguments.
    pub(crate) async fn with_queues(names: &[&str]) -> Self {
        let vhost = node().await.broker.vhost().await;
        let transport = AmqpOptions::from_url(&vhost.url()).unwrap().connect().await.unwrap();
        let site = Self { vhost, transport };
        for name in names {
            site.queue(name, Headers::new()).await;
        }
        site
    }

    pub(crate) async fn queue(&self, name: &str, arguments: Headers) {
        let mut topology = Topology::default();
        topology.queues.push(Queue::new(name, arguments));
        self.declare(&topology).await.unwrap();
    }

    /// Puts a message into a queue.
    pub(crate) async fn put(&self, queue: &str, headers: Headers, body: impl Into<Vec<u8>>) {
        let envelope = Envelope::new(Properties::default(), headers, body.into());
        let outgoing = Outgoing::new("", queue, envelope, Instant::now() + PATIENCE);
        self.publisher().publish(outgoing).await.unwrap();
    }

    /// Puts as many failed messages into `error`, with the ids from 0 on.
    pub(crate) async fn fail(&self, source: &str, count: usize) {
        let publisher = self.publisher();
        let mut sending = tokio::task::JoinSet::new();
        for n in 0..count {
            let outgoing = to_error(failed(&n.to_string(), source));
            let publisher: Arc<dyn Publisher> = publisher.clone();
            sending.spawn(async move { publisher.publish(outgoing).await.unwrap() });
        }
        sending.join_all().await;
    }

    /// The messages that are ready in a queue, asked of the queue itself.
    pub(crate) async fn ready(&self, queue: &str) -> u64 {
        let queues = self.vhost.list_queues().await;
        queues.iter().find(|info| info.name == queue).map_or(0, |info| info.messages)
    }

    /// The ids of all messages in a queue, sorted.
    pub(crate) async fn ids(&self, queue: &str) -> Vec<String> {
        let queue = ErrorQueue::new(self.transport.clone()).name(queue);
        let listing = queue.list(&Filter::new(), usize::MAX).await.unwrap();
        let mut ids: Vec<String> =
            listing.messages.into_iter().map(|failed| failed.id.unwrap_or_default()).collect();
        ids.sort();
        ids
    }

    /// Waits until nobody consumes a queue and so many messages are ready in it: a broker takes a moment to take back what
    /// was returned.
    pub(crate) async fn settles(&self, queue: &str, messages: u64) {
        until(&format!("{messages} messages in {queue}"), async || {
            let queues = self.vhost.list_queues().await;
            let info = queues.into_iter().find(|info| info.name == queue).unwrap();
            (info.consumers, info.messages) == (0, messages)
        })
        .await;
    }

    /// The command, with the URL of this virtual host.
    pub(crate) fn command(&self, line: &str) -> Command {
        command(&self.vhost.url(), line)
    }

    /// Runs the command to its end.
    pub(crate) async fn run(&self, line: &str) -> Ran {
        finish(self.command(line).spawn().unwrap()).await
    }
}

/// The headers of a message that failed.
pub(crate) fn failed(id: &str, source: &str) -> Headers {
    Headers::from_iter([
        ("PikaBus.MessageId", Value::from(id)),
        ("PikaBus.MessageType", "ChargeCard".into()),
        ("PikaBus.ErrorDetails", "card declined\ncaused by: no money".into()),
        ("PikaBus.ErrorType", "Declined".into()),
        ("PikaBus.ErrorRetries", Value::I64(6)),
        ("PikaBus.SourceQueue", source.into()),
        ("PikaBus.TimeOfFailure", "2026-08-07T16:32:19.123456+00:00".into()),
        ("shop", Value::I32(7)),
    ])
}

pub(crate) fn to_error(headers: Headers) -> Outgoing {
    let mut properties = Properties::default();
    properties.persistent = true;
    Outgoing::new("", "error", Envelope::new(properties, headers, "{}"), Instant::now() + PATIENCE)
}

/// The command with its words, ended when it is dropped.
pub(crate) fn command(url: &str, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leveret"));
    command
        .args(line.split_whitespace())
        .env("LEVERET_URL", url)
        .env_remove("LEVERET_MANAGEMENT_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

pub(crate) async fn finish(child: Child) -> Ran {
    let output = timeout(PATIENCE, child.wait_with_output()).await.expect("the command ends").unwrap();
    let ran = Ran::from(output);
    assert!(!ran.err.contains("panicked"), "{ran:?}");
    ran
}

/// Waits until `condition` holds.
pub(crate) async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "still not: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}
