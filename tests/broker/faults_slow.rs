//! What one slow handler costs the others.

use std::sync::Arc;

use leveret::{Bus, QueueOptions};
use leveret_tests::{
    broker::{Broker, VirtualHost},
    ledger::Ledger,
    scenarios::contracts::{Work, Worker},
};
use tokio::{
    sync::{Semaphore, watch},
    task::JoinSet,
    time::Instant,
};

use crate::{amqp_support::until, faults_support::kinds};

/// Blocks of quick messages, by turns with and without a slow handler. Both modes share one run, so that a slow machine
/// slows both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_handler_holds_nobody_up() {
    for (kind, queue) in kinds() {
        let vhost = Broker::shared().await.vhost().await;
        let (ledger, slow_may_end) = (Arc::new(Ledger::default()), Arc::new(Semaphore::new(0)));
        let go = watch::Sender::new(false);
        let worker = quick_but_for_a_few(&ledger, &slow_may_end, &go);
        let builder = Bus::builder(vhost.url()).queue(queue).endpoint(worker);
        let bus = builder.concurrency(16).prefetch(16).start().await.unwrap();
        let mut times = [Vec::new(), Vec::new()];
        for block in 0..10 {
            let slow = block % 2 == 1;
            if slow {
                send_all(&bus, &ledger, block..=block).await;
                until("the slow one runs", async || ledger.times(block.into()) == 1).await;
            }
            let before = ledger.handled();
            go.send_replace(false);
            send_all(&bus, &ledger, (block + 1) * BLOCK..=(block + 1) * BLOCK + BLOCK - 1).await;
            let started = Instant::now();
            go.send_replace(true);
            ledger.reaches(before + BLOCK as usize).await;
            times[usize::from(slow)].push(started.elapsed());
            if slow {
                assert_eq!(bus.counts().failed, 0);
                slow_may_end.add_permits(1);
            }
        }
        let [without, with] = times.map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2]
        });
        let ratio = without.as_secs_f64() / with.as_secs_f64();
        println!(
            "{kind}: {BLOCK} messages in {without:?}, beside a slow one in {with:?}: {ratio:.2} of the rate"
        );
        assert!(ratio > 0.5, "{kind}: {ratio:.2}"); // if acks waited for the slow one, it would be 0
        assert_eq!(ledger.balances().await.duplicates, 0);
        bus.shutdown().await.unwrap();
    }
}

/// A slow delivery among quick ones, which has a channel of its own by now.
struct HeldUp {
    vhost: VirtualHost,
    ledger: Arc<Ledger>,
    slow_may_end: Arc<Semaphore>,
    bus: Bus,
}

impl HeldUp {
    async fn start(queue: QueueOptions) -> Self {
        let vhost = Broker::shared().await.vhost().await;
        let (ledger, slow_may_end) = (Arc::new(Ledger::default()), Arc::new(Semaphore::new(0)));
        let worker = quick_but_for_a_few(&ledger, &slow_may_end, &watch::Sender::new(true));
        let bus =
            Bus::builder(vhost.url()).queue(queue).endpoint(worker).concurrency(4).start().await.unwrap();
        send_all(&bus, &ledger, 0..=0).await;
        until("the slow one runs", async || ledger.times(0) == 1).await;
        send_all(&bus, &ledger, BLOCK..=BLOCK + 99).await;
        ledger.reaches(101).await;
        let held_up = Self { vhost, ledger, slow_may_end, bus };
        until("the slow one has a channel of its own", async || held_up.channels().await == [(0, 1), (1, 0)])
            .await;
        held_up
    }

    /// How many consumers, and how many unsettled messages, each channel has that has either.
    async fn channels(&self) -> Vec<(u32, u32)> {
        let asked = format!(
            "[[C, U] || [{{vhost, V}}, {{consumer_count, C}}, {{messages_unacknowledged, U}}] <- \
             rabbit_channel:info_all([vhost, consumer_count, messages_unacknowledged]), \
             V =:= <<\"{}\">>, C + U > 0]",
            self.vhost.name()
        );
        let mut channels: Vec<_> = serde_json::from_str(&Broker::shared().await.eval(&asked).await).unwrap();
        channels.sort_unstable();
        channels
    }
}

#[tokio::test]
async fn a_slow_one_is_settled_on_the_channel_that_it_came_by() {
    for (kind, queue) in kinds() {
        let held_up = HeldUp::start(queue).await;
        held_up.slow_may_end.add_permits(1);
        until("its channel is closed", async || held_up.channels().await == [(1, 0)]).await;
        assert_eq!(held_up.ledger.balances().await.duplicates, 0, "{kind}");
        held_up.bus.shutdown().await.unwrap();
    }
}

/// It comes again by the next connection, and waits there for the handler that still runs.
#[tokio::test]
async fn a_slow_one_outlives_its_channel() {
    for (kind, queue) in kinds() {
        let held_up = HeldUp::start(queue).await;
        held_up.vhost.close_connections().await;
        until("it is there again", async || held_up.channels().await == [(1, 1)]).await;
        held_up.slow_may_end.add_permits(1);
        until("it is settled", async || held_up.channels().await == [(1, 0)]).await;
        assert_eq!(held_up.ledger.balances().await.duplicates, 0, "{kind}");
        held_up.bus.shutdown().await.unwrap();
    }
}

#[tokio::test]
async fn a_shutdown_waits_for_a_slow_one() {
    for (kind, queue) in kinds() {
        let HeldUp { vhost, ledger, slow_may_end, bus } = HeldUp::start(queue).await;
        let (ended, ()) = tokio::join!(bus.shutdown(), async {
            until("nothing more is taken", async || !bus.health().consuming).await;
            slow_may_end.add_permits(1);
        });
        ended.unwrap();
        assert_eq!(ledger.balances().await.duplicates, 0, "{kind}");
        let queues = vhost.list_queues().await;
        assert!(queues.iter().all(|queue| queue.messages == 0), "{kind}: {queues:?}");
    }
}

/// How many quick messages a block has.
const BLOCK: u32 = 2000;

async fn send_all(bus: &Bus, ledger: &Arc<Ledger>, numbers: std::ops::RangeInclusive<u32>) {
    let mut sends = JoinSet::new();
    for n in numbers {
        let (bus, ledger) = (bus.clone(), ledger.clone());
        sends.spawn(async move { ledger.send(n.into(), bus.send(Work { n })).await });
    }
    for sent in sends.join_all().await {
        sent.unwrap();
    }
}

/// Numbers under a block are slow, and end when they may. The others begin when all are there.
fn quick_but_for_a_few(
    ledger: &Arc<Ledger>,
    slow_may_end: &Arc<Semaphore>,
    go: &watch::Sender<bool>,
) -> Worker {
    let (ledger, slow_may_end, go) = (ledger.clone(), slow_may_end.clone(), go.subscribe());
    Worker::new(move |work, _| {
        let (ledger, slow_may_end, mut go) = (ledger.clone(), slow_may_end.clone(), go.clone());
        Box::pin(async move {
            if work.n < BLOCK {
                ledger.handles(work.n.into());
                slow_may_end.acquire().await?.forget();
            } else {
                go.wait_for(|go| *go).await?;
                ledger.handles(work.n.into());
            }
            Ok(())
        })
    })
}
