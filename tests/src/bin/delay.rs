//! What the broker's delay is worth, on a private RabbitMQ: `delay late MESSAGES SECONDS` measures how late messages are
//! that are deferred by up to so many seconds, and `delay wait MESSAGES SECONDS` what it costs to let them wait. Says what
//! it has measured on its output, and fails when a message is early or lost.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that cannot be made fails")]

use std::{
    env, fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use amqprs::{
    BasicProperties,
    channel::{
        BasicConsumeArguments, BasicPublishArguments, Channel, QueueBindArguments, QueueDeclareArguments,
    },
    connection::{Connection, OpenConnectionArguments},
};
use leveret::Bus;
use leveret_tests::{
    broker::Broker,
    scenarios::contracts::{Work, Worker},
};
use rustix::time::{ClockId, clock_gettime};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

const PATIENCE: Duration = Duration::from_secs(60);
const MILLI: Duration = Duration::from_millis(1);

#[tokio::main(worker_threads = 2)]
async fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [what, messages, seconds] = &arguments[..] else { panic!("delay late|wait MESSAGES SECONDS") };
    let (messages, longest) = (messages.parse().unwrap(), Duration::from_secs(seconds.parse().unwrap()));
    let broker = Broker::start().await;
    match what.as_str() {
        "late" => late(&broker, messages, longest).await,
        "wait" => wait(&broker, messages, longest).await,
        other => panic!("late or wait, and not {other}"),
    }
}

/// When each message is due, and how late it was. Early is a failure.
#[derive(Debug, Default)]
struct Arrivals(Mutex<(Vec<Instant>, Vec<Duration>)>);

impl Arrivals {
    /// Another message, which is due after this time; its number.
    fn expect(&self, after: Duration) -> u32 {
        let (due, _) = &mut *self.0.lock().unwrap();
        due.push(Instant::now() + after);
        u32::try_from(due.len() - 1).unwrap()
    }

    fn arrived(&self, n: u32) {
        let (due, late) = &mut *self.0.lock().unwrap();
        let due = due.get(n as usize).unwrap();
        let by = Instant::now().checked_duration_since(*due);
        late.push(by.unwrap_or_else(|| panic!("message {n} is early")));
    }

    /// Waits until so many have arrived; the median of how late they were, and the 99th percentile.
    async fn all(&self, messages: u32, until: Instant) -> [Duration; 2] {
        let arrived = || self.0.lock().unwrap().1.len();
        while arrived() < messages as usize {
            assert!(Instant::now() < until, "{} of {messages} are missing", messages as usize - arrived());
            tokio::time::sleep(10 * MILLI).await;
        }
        let mut late = self.0.lock().unwrap().1.clone();
        assert_eq!(late.len(), messages as usize, "none comes twice");
        late.sort_unstable();
        [50, 99].map(|percent| *late.get((late.len() - 1) * percent / 100).unwrap())
    }
}

/// Each delay twice, by the bus and by a client that does nothing but write into the same levels and read.
async fn late(broker: &Broker, messages: u32, longest: Duration) {
    let vhost = broker.vhost().await;
    let (ours, theirs) = (Arc::new(Arrivals::default()), Arc::new(Arrivals::default()));
    let arrivals = ours.clone();
    let worker = Worker::new(move |work, _| {
        arrivals.arrived(work.n);
        Box::pin(async { Ok(()) })
    });
    let bus = Bus::builder(vhost.url()).endpoint(worker).concurrency(100).start().await.unwrap();
    bus.defer(Work { n: ours.expect(MILLI) }, MILLI).await.unwrap(); // so that the levels are declared
    let bare = Bare::connect(broker, vhost.name(), theirs.clone()).await;
    let (mut sends, started) = (JoinSet::new(), Instant::now());
    for n in 1..messages {
        // 100 a second of each: every level that a message passes costs the broker as much as a publish, and what is
        // measured is not how much of that it can do.
        sleep_until(started + 10 * MILLI * n).await;
        let delay = 50 * MILLI + (longest - 50 * MILLI).mul_f64(fastrand::f64());
        let (bus, command) = (bus.clone(), Work { n: ours.expect(delay) });
        sends.spawn(async move { bus.defer(command, delay).await.unwrap() });
        bare.publish(theirs.expect(delay), delay).await;
    }
    sends.join_all().await;
    let until = Instant::now() + longest + PATIENCE;
    let ours = ours.all(messages, until).await;
    let theirs = theirs.all(messages - 1, until).await;
    println!(
        "{messages} messages deferred by 0.05 to {longest:?}: none early, median and 99th percentile of how late"
    );
    println!("  bus: {:.1?} and {:.1?}", ours[0], ours[1]);
    println!("  bare client: {:.1?} and {:.1?}", theirs[0], theirs[1]);
    assert!(
        ours[0] < 2 * theirs[0] && ours[1] < 3 * theirs[1],
        "the bus is as punctual as the levels themselves"
    );
    bus.shutdown().await.unwrap();
}

/// A client by hand.
struct Bare {
    channel: Channel,
    _connection: Connection,
}

impl Bare {
    async fn connect(broker: &Broker, vhost: &str, arrivals: Arc<Arrivals>) -> Self {
        let mut arguments = OpenConnectionArguments::new("127.0.0.1", broker.port(), "guest", "guest");
        let connection = Connection::open(arguments.virtual_host(vhost)).await.unwrap();
        let channel = connection.open_channel(None).await.unwrap();
        channel.queue_declare(QueueDeclareArguments::durable_client_named("bare")).await.unwrap();
        let pattern = "*.".repeat(31) + "bare";
        let bind = QueueBindArguments::new("bare", "leveret.delay.v1.16.delivery", &pattern);
        channel.queue_bind(bind).await.unwrap();
        let mut consume = BasicConsumeArguments::new("bare", "bare");
        let (_, mut messages) = channel.basic_consume_rx(consume.auto_ack(true).finish()).await.unwrap();
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                let body = String::from_utf8(message.content.unwrap()).unwrap();
                arrivals.arrived(body.parse().unwrap());
            }
        });
        Self { channel, _connection: connection }
    }

    async fn publish(&self, n: u32, delay: Duration) {
        let units = u32::try_from(delay.as_micros().div_ceil(16_000)).unwrap();
        let digits: String =
            (0..31).rev().map(|level| if units >> level & 1 == 1 { "1." } else { "0." }).collect();
        let exchange = format!("leveret.delay.v1.16.{}", units.ilog2());
        let to = BasicPublishArguments::new(&exchange, &(digits + "bare"));
        let persistent = BasicProperties::default().with_persistence(true).finish();
        self.channel.basic_publish(persistent, n.to_string().into_bytes(), to).await.unwrap();
    }
}

/// All are written, and then nothing happens for half of their time.
async fn wait(broker: &Broker, messages: u32, longest: Duration) {
    let vhost = broker.vhost().await;
    let arrivals = Arc::new(Arrivals::default());
    let handled = arrivals.clone();
    let worker = Worker::new(move |work, _| {
        handled.arrived(work.n);
        Box::pin(async { Ok(()) })
    });
    let bus = Bus::builder(vhost.url()).endpoint(worker).start().await.unwrap();
    bus.defer(Work { n: arrivals.expect(MILLI) }, MILLI).await.unwrap(); // so that the levels are declared
    let idle = usage(broker, longest / 4).await;
    let (mut sends, started) = (JoinSet::new(), Instant::now());
    for _ in 1..messages {
        let (bus, command) = (bus.clone(), Work { n: arrivals.expect(longest) });
        sends.spawn(async move { bus.defer(command, longest).await.unwrap() });
    }
    sends.join_all().await;
    let written = started.elapsed();
    assert!(written < longest / 4, "writing them took {written:?}: let fewer wait, or longer");
    let at_first = cpu_time(broker).await;
    // Their first level holds them for more than half of their time, and they are long in it by now.
    sleep_until(started + longest / 4).await;
    let waiting = usage(broker, longest / 4).await;
    println!("{messages} messages wait for {longest:?}: {waiting} (with none: {idle})");
    arrivals.all(messages, started + longest + PATIENCE).await;
    let per_message = (cpu_time(broker).await - at_first) / messages;
    println!("from level to level, and to their queue: {per_message:?} of the broker for each");
    let more = Usage { client: waiting.client - idle.client, broker: waiting.broker - idle.broker };
    assert!(more.client < 1.0 && more.broker < 5.0, "they cost {more}");
    bus.shutdown().await.unwrap();
}

/// Processor time, in percent of a core.
#[derive(Debug, Clone, Copy)]
struct Usage {
    client: f64,
    broker: f64,
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "client {:.2}% of a core, broker {:.2}%", self.client, self.broker)
    }
}

/// What this process and the broker use in this time.
async fn usage(broker: &Broker, time: Duration) -> Usage {
    let (client, server, began) = (process_time(), cpu_time(broker).await, Instant::now());
    tokio::time::sleep(time).await;
    let elapsed = began.elapsed().as_secs_f64();
    let share = |time: Duration| 100.0 * time.as_secs_f64() / elapsed;
    Usage { client: share(process_time() - client), broker: share(cpu_time(broker).await - server) }
}

/// The processor time that this process has used.
fn process_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// The processor time that the broker has used.
async fn cpu_time(broker: &Broker) -> Duration {
    let millis = broker.eval("element(1, erlang:statistics(runtime))").await;
    Duration::from_millis(millis.parse().unwrap())
}
