//! How fast the command is, and what a kill leaves: on a private RabbitMQ.
//!
//! `cargo bench -p leveret-cli --bench redrive -- [messages] [classic|quorum]`, by default 100,000 and classic queues.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark fails by panicking")]

use std::{
    collections::BTreeSet,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use leveret::{
    admin::ErrorQueue,
    amqp::AmqpOptions,
    envelope::{Envelope, Properties},
    headers::{Headers, Value},
    topology::{Queue, Topology},
    transport::{Outgoing, Settlement, Transport},
};
use leveret_tests::broker::{Broker, VirtualHost};
use tokio::{task::JoinSet, time::sleep};

const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let messages = arguments.first().map_or(100_000, |count| count.parse().expect("a number of messages"));
    let kind = arguments.get(1).map_or("classic", String::as_str);
    let broker = Broker::start().await;
    println!("RabbitMQ {}, {kind} queues, {messages} messages", broker.version().await);
    looks(&Site::new(&broker, kind, messages).await).await;
    in_one_go(&Site::new(&broker, kind, messages).await).await;
    killed_half_way(&Site::new(&broker, kind, messages).await).await;
}

async fn looks(site: &Site) {
    let start = Instant::now();
    assert!(site.command("list").wait().unwrap().success());
    println!("listed in {:.1} s", start.elapsed().as_secs_f64());
    site.settles("error", site.messages).await;
    println!("all back after {:.1} s", start.elapsed().as_secs_f64());
}

async fn in_one_go(site: &Site) {
    let start = Instant::now();
    assert!(site.command("redrive").wait().unwrap().success());
    let seconds = start.elapsed().as_secs_f64();
    println!("redriven in {seconds:.1} s: {:.0} a second", site.messages as f64 / seconds);
    site.settles("error", 0).await;
    site.settles("billing", site.messages).await;
}

async fn killed_half_way(site: &Site) {
    let mut child = site.command("redrive");
    while site.ready("billing").await < site.messages / 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed");
        sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let start = Instant::now();
    while site.ready("error").await + site.ready("billing").await < site.messages {
        assert!(start.elapsed() < PATIENCE, "messages are missing");
        sleep(Duration::from_millis(50)).await;
    }
    sleep(Duration::from_secs(2)).await; // what is in both may still come back
    let (left, moved) = (site.ready("error").await, site.ready("billing").await);
    println!("killed: {left} left, {moved} moved, {} of them in both", left + moved - site.messages);
    assert!(site.command("redrive").wait().unwrap().success());
    site.settles("error", 0).await;
    let ids = site.take("billing").await;
    let different = ids.iter().collect::<BTreeSet<_>>().len() as u64;
    println!("run again: {} arrived, {different} different ones", ids.len());
    assert_eq!(different, site.messages);
}

struct Site {
    vhost: VirtualHost,
    transport: Arc<dyn Transport>,
    messages: u64,
}

impl Site {
    async fn new(broker: &Broker, kind: &str, messages: u64) -> Self {
        let vhost = broker.vhost().await;
        let transport = AmqpOptions::from_url(&vhost.url()).unwrap().connect().await.unwrap();
        let site = Self { vhost, transport, messages };
        let mut topology = Topology::default();
        for name in ["error", "billing"] {
            let arguments = Headers::from_iter([
                ("x-queue-type", Value::from(kind)),
                ("x-delivery-limit", Value::I64(1_000_000)),
            ]);
            let arguments = if kind == "quorum" { arguments } else { Headers::new() };
            topology.queues.push(Queue::new(name, arguments));
        }
        site.transport.declare(&topology).await.unwrap();
        site.fill().await;
        site
    }

    async fn fill(&self) {
        let publisher = self.transport.publisher();
        let mut sending = JoinSet::new();
        for n in 0..self.messages {
            let mut properties = Properties::default();
            properties.persistent = true;
            let headers = Headers::from_iter([
                ("PikaBus.MessageId", Value::from(n.to_string())),
                ("PikaBus.MessageType", "ChargeCard".into()),
                ("PikaBus.ErrorDetails", "card declined".into()),
                ("PikaBus.ErrorRetries", Value::I64(6)),
                ("PikaBus.SourceQueue", "billing".into()),
                ("PikaBus.TimeOfFailure", "2026-08-07T16:32:19.123456+00:00".into()),
            ]);
            let envelope = Envelope::new(properties, headers, vec![b'x'; 500]);
            let deadline = tokio::time::Instant::now() + PATIENCE;
            let outgoing = Outgoing::new("", "error", envelope, deadline);
            let publisher = publisher.clone();
            sending.spawn(async move { publisher.publish(outgoing).await.unwrap() });
        }
        sending.join_all().await;
    }

    fn command(&self, verb: &str) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leveret"));
        command
            .args(["error", verb])
            .env("LEVERET_URL", self.vhost.url())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    async fn ready(&self, queue: &str) -> u64 {
        let queues = self.vhost.list_queues().await;
        queues.iter().find(|info| info.name == queue).map_or(0, |info| info.messages)
    }

    async fn settles(&self, queue: &str, messages: u64) {
        let start = Instant::now();
        while self.ready(queue).await != messages {
            assert!(start.elapsed() < PATIENCE, "{queue} does not come to {messages} messages");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Takes all messages out of a queue; their ids.
    async fn take(&self, queue: &str) -> Vec<String> {
        let count = ErrorQueue::new(self.transport.clone()).name(queue).depth().await.unwrap();
        let mut consumer = self.transport.consume(queue, 1000).await.unwrap();
        let mut ids = Vec::new();
        for _ in 0..count {
            let incoming = consumer.next().await.unwrap();
            ids.extend(incoming.received.envelope.headers.text("PikaBus.MessageId").map(str::to_owned));
            incoming.unsettled.settle(Settlement::Done);
        }
        consumer.close().await;
        ids
    }
}
