//! What many losses leave behind, and what one slow handler costs the others.

use std::sync::Arc;

use leveret::{Bus, transport::ConnectionState};
use leveret_tests::{
    broker::Broker,
    ledger::Ledger,
    scenarios::contracts::{Work, Worker},
};
use tokio::{
    process::Command,
    runtime::Handle,
    sync::{Semaphore, watch},
    task::JoinSet,
    time::{Instant, timeout},
};

use crate::{
    amqp_support::{PATIENCE, until},
    faults_support::{Pair, kinds},
};

/// Two pairs are four buses with two connections each: eight losses a round. All are up before the next round begins.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_losses_leave_no_task_behind() {
    let mut pairs = Pair::of_each_kind(Broker::shared().await).await;
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let (mut lost, mut epoch, mut at_fifty) = (0, 1, None);
    while lost < 200 {
        for pair in &mut pairs {
            pair.serve(10);
            lost += pair.vhost.close_connections().await;
        }
        epoch += 1;
        for pair in &mut pairs {
            for bus in [&pair.east, &pair.west] {
                until("all connections are back", async || {
                    let health = bus.health();
                    let is_new =
                        |state: &_| matches!(state, ConnectionState::Up { epoch: up } if *up >= epoch);
                    is_new(&health.publishing_connection)
                        && is_new(&health.consuming_connection)
                        && health.is_healthy()
                })
                .await;
            }
            pair.all_sent().await;
            pair.ledger.balances().await;
        }
        if lost >= 50 {
            let most = *at_fifty.get_or_insert(tasks());
            until("no more tasks than after 50 losses", async || tasks() <= most).await;
        }
    }
    println!("{lost} losses, {at_fifty:?} tasks after 50, {} at the end", tasks());
    for pair in pairs {
        pair.ends().await;
    }
}

/// In a process of its own, which has no other memory than that of a bus, and dies of any panic.
async fn measure(what: &str) {
    let vhost = Broker::shared().await.vhost().await;
    let mut growth = Command::new(env!("CARGO_BIN_EXE_growth"));
    let output = growth.args([what, &vhost.url()]).kill_on_drop(true).output();
    let output = timeout(3 * PATIENCE, output).await.expect("it ends").unwrap();
    let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
    println!("{}", said(&output.stdout));
    assert!(output.status.success(), "{}\n{}", said(&output.stdout), said(&output.stderr));
}

#[tokio::test]
async fn two_hundred_losses_leave_no_memory_behind() {
    measure("losses").await;
}

#[tokio::test]
async fn an_outage_fills_the_window_and_no_more() {
    measure("outage").await;
}

/// Blocks of quick messages, by turns with and without a slow handler that holds the oldest delivery, whose successors
/// are acknowledged one by one then (design §4). Both modes share one run, so that a slow machine slows both.
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
        assert!(ratio > 0.5, "{kind}: {ratio:.2}"); // acks that wait for the slow one would make it 0
        assert_eq!(ledger.balances().await.duplicates, 0);
        bus.shutdown().await.unwrap();
    }
}

/// How many quick messages a block has.
const BLOCK: u32 = 1000;

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
