//! Futures of a bus that are dropped at any point: nothing is left of them, and nothing is mixed up by them.

use std::future::IntoFuture;

use leveret::Bus;
use leveret_tests::{
    broker::Broker,
    scenarios::contracts::{Ask, Lost, Oracle, Work},
};
use tokio::{
    runtime::Handle,
    task::{JoinSet, yield_now},
    time::timeout,
};

use crate::{
    amqp_support::{PATIENCE, until},
    proxied::Ledger,
};

const SEED: u64 = 20_261_123;
const TASKS: u32 = 20;
/// So many of each task, and so many shutdowns: 10,000 in all.
const DROPPED: u32 = 495;
const SHUTDOWNS: u32 = 100;
/// The batch that must come in order in the end.
const LAST: std::ops::Range<u32> = 1_000_000_000..1_000_000_200;

/// Drops a future unless it is ready after `turns` of all other tasks. What it was ready with.
async fn dropped_after<F: IntoFuture>(turns: usize, future: F) -> Option<F::Output> {
    tokio::select! {
        biased; // it is polled at least once
        output = future.into_future() => Some(output),
        () = async { for _ in 0..turns { yield_now().await } } => None,
    }
}

/// Sends, commits and requests, until enough of them were dropped on the way. How many there were.
async fn drop_some(bus: Bus, ledger: Ledger, task: u32) -> u32 {
    let mut random = fastrand::Rng::with_seed(SEED + u64::from(task));
    let mut dropped = 0;
    for i in 0..100 * DROPPED {
        if dropped == DROPPED {
            return i;
        }
        let n = (task * 100 * DROPPED + i) * 10;
        let turns = random.usize(0..25);
        let done = match random.u8(0..10) {
            0..=4 => {
                ledger.tried(n);
                let sent = dropped_after(turns, bus.send(Work { n })).await;
                sent.map(|sent| {
                    sent.unwrap();
                    ledger.confirmed(n);
                })
            }
            // What nobody takes must never be confirmed by a confirm of another.
            5 => dropped_after(turns, bus.send(Lost { n })).await.map(|sent| assert!(sent.is_err())),
            6..=7 => {
                let tx = bus.transaction();
                for n in n..n + 3 {
                    ledger.tried(n);
                    tx.send(Work { n }).await.unwrap();
                }
                dropped_after(turns, tx.commit()).await.map(|committed| {
                    committed.unwrap();
                    (n..n + 3).for_each(|n| ledger.confirmed(n));
                })
            }
            _ => {
                let answer = dropped_after(turns, bus.request(Ask { n })).await;
                answer.map(|answer| assert_eq!(answer.unwrap().n, n))
            }
        };
        dropped += u32::from(done.is_none());
    }
    panic!("hardly anything is dropped")
}

/// Shuts down buses of their own, half-way; some are told again, and others just dropped. How many there were.
async fn drop_shutdowns(url: &str) -> u32 {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut dropped = 0;
    for i in 0..100 * SHUTDOWNS {
        if dropped == SHUTDOWNS {
            return i;
        }
        let bus = Bus::builder(url).endpoint(Oracle::echo()).start().await.unwrap();
        dropped += u32::from(dropped_after(random.usize(0..100), bus.shutdown()).await.is_none());
        if random.bool() {
            timeout(PATIENCE, bus.shutdown()).await.unwrap().unwrap();
        }
    }
    panic!("hardly anything is dropped")
}

#[tokio::test]
async fn ten_thousand_dropped_futures_leave_nothing_behind() {
    let (vhost, ledger) = (Broker::shared().await.vhost().await, Ledger::default());
    let url = vhost.url();
    let oracle = Bus::builder(&url).endpoint(Oracle::echo()).start().await.unwrap();
    let worker = Bus::builder(&url).endpoint(ledger.worker());
    let bus = worker.concurrency(1).prefetch(100).start().await.unwrap();
    ledger.send(&bus, 5).await;
    bus.request(Ask { n: 0 }).await.unwrap();
    until("all is quiet", async || ledger.is_balanced()).await;
    let metrics = Handle::current().metrics();
    let tasks = metrics.num_alive_tasks();

    let mut storm = JoinSet::new();
    for task in 0..TASKS {
        storm.spawn(drop_some(bus.clone(), ledger.clone(), task));
    }
    let (calls, shutdowns) = tokio::join!(storm.join_all(), drop_shutdowns(&url));
    let (calls, dropped) = (calls.iter().sum::<u32>() + shutdowns, TASKS * DROPPED + SHUTDOWNS);
    eprintln!("{dropped} of {calls} futures dropped, {SHUTDOWNS} of {shutdowns} shutdowns among them");

    each_confirm_finds_its_sender(&bus, &ledger).await;
    the_last_batch_comes_in_order(&bus, &ledger).await;
    assert_eq!(ledger.duplicates(), 0);
    until("nothing is unconfirmed", async || bus.health().unconfirmed.count == 0).await;
    until("no more tasks than before", async || metrics.num_alive_tasks() <= tasks).await;
    assert_eq!(bus.health().last_error, None);
    bus.shutdown().await.unwrap();
    oracle.shutdown().await.unwrap();
}

async fn each_confirm_finds_its_sender(bus: &Bus, ledger: &Ledger) {
    let mut sends = JoinSet::new();
    for n in 2_000_000_000..2_000_000_200 {
        let bus = bus.clone();
        ledger.tried(n);
        if n % 2 == 0 {
            sends.spawn(async move { bus.send(Lost { n }).await.is_err() });
        } else {
            sends.spawn(async move { bus.send(Work { n }).await.is_ok() });
        }
    }
    assert!(timeout(PATIENCE, sends.join_all()).await.unwrap().into_iter().all(|right| right));
}

async fn the_last_batch_comes_in_order(bus: &Bus, ledger: &Ledger) {
    let tx = bus.transaction();
    for n in LAST {
        ledger.tried(n);
        tx.send(Work { n }).await.unwrap();
    }
    tx.commit().await.unwrap();
    LAST.for_each(|n| ledger.confirmed(n));
    until("all is handled", async || ledger.is_balanced()).await;
    let last: Vec<_> = ledger.runs().into_iter().filter(|n| LAST.contains(n)).collect();
    assert_eq!(last, LAST.collect::<Vec<_>>());
}
