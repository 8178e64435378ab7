//! The end of a bus: under load, without a connection, and without being asked.

use std::{sync::Arc, time::Duration};

use leveret::{Bus, topology::QueueOptions};
use leveret_tests::{
    broker::Broker,
    ledger::Ledger,
    scenarios::contracts::{Work, Worker},
};
use tokio::{
    runtime::Handle,
    sync::{Semaphore, watch},
    time::{Instant, timeout},
};

use crate::{
    amqp_support::{PATIENCE, until},
    faults_support::{DIRECTORY_WRITTEN, kinds, victim},
};

/// The broker's part of it is waited for during three quarters of this time.
const LIMIT: Duration = Duration::from_secs(8);

/// Counts each message when it begins, and ends when it may.
fn gated(ledger: &Arc<Ledger>, gate: &Arc<Semaphore>) -> Worker {
    let (ledger, gate) = (ledger.clone(), gate.clone());
    Worker::new(move |work, _| {
        ledger.handles(work.n.into());
        let gate = gate.clone();
        Box::pin(async move {
            gate.acquire().await?.forget();
            Ok(())
        })
    })
}

async fn start(url: &str, queue: QueueOptions, worker: Worker) -> Bus {
    let builder = Bus::builder(url).queue(queue).endpoint(worker).concurrency(100);
    builder.shutdown_timeout(LIMIT).start().await.unwrap()
}

async fn shut_down(bus: &Bus) {
    timeout(PATIENCE, bus.shutdown()).await.expect("the shutdown ends").unwrap();
}

/// None is lost: the hundred are handled by the bus that ends, the others by the next one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_lets_a_hundred_handlers_finish() {
    for (kind, queue) in kinds() {
        let vhost = Broker::shared().await.vhost().await;
        let (ledger, gate) = (Arc::new(Ledger::default()), Arc::new(Semaphore::new(0)));
        let bus = start(&vhost.url(), queue.clone(), gated(&ledger, &gate)).await;
        for n in 0..150 {
            ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
        }
        ledger.reaches(100).await;
        let ends = [bus.clone(), bus.clone()].map(|bus| tokio::spawn(async move { shut_down(&bus).await }));
        until("nothing more is taken", async || !bus.health().consuming).await;
        gate.add_permits(300);
        for end in ends {
            end.await.unwrap();
        }
        assert_eq!((bus.counts().handled, ledger.handled()), (100, 100), "{kind}");
        let next = start(&vhost.url(), queue, gated(&ledger, &gate)).await;
        let balance = ledger.balances().await;
        println!("{kind}: {balance:?}");
        assert_eq!((balance.handled, balance.duplicates), (150, 0), "{kind}");
        shut_down(&next).await;
        assert!(vhost.list_queues().await.iter().all(|queue| queue.messages == 0), "{kind}");
    }
}

/// Handlers that end in the reverse order of their messages, so that no acknowledgement covers another one: a burst of
/// them, just before the channel is closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_returns_nothing_that_was_acknowledged() {
    const MESSAGES: u32 = 400;
    for (kind, queue) in kinds() {
        let vhost = Broker::shared().await.vhost().await;
        let ledger = Arc::new(Ledger::default());
        let down_to = watch::Sender::new(MESSAGES);
        let worker = || {
            let (ledger, down_to) = (ledger.clone(), down_to.clone());
            Worker::new(move |work, _| {
                ledger.handles(work.n.into());
                let mut turn = down_to.subscribe();
                Box::pin(async move {
                    turn.wait_for(|down_to| *down_to <= work.n).await?;
                    Ok(())
                })
            })
        };
        let builder = || Bus::builder(vhost.url()).queue(queue.clone()).concurrency(MESSAGES as usize);
        let bus = builder().endpoint(worker()).start().await.unwrap();
        for n in 0..MESSAGES {
            ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
        }
        ledger.reaches(MESSAGES as usize).await;
        let end = tokio::spawn({
            let bus = bus.clone();
            async move { shut_down(&bus).await }
        });
        until("nothing more is taken", async || !bus.health().consuming).await;
        for n in (0..MESSAGES).rev() {
            down_to.send_replace(n);
            tokio::task::yield_now().await;
        }
        end.await.unwrap();
        assert_eq!(bus.counts().handled, u64::from(MESSAGES), "{kind}");
        let next = builder().endpoint(worker()).start().await.unwrap();
        ledger.send(MESSAGES.into(), next.send(Work { n: MESSAGES })).await.unwrap();
        ledger.reaches(MESSAGES as usize + 1).await;
        shut_down(&next).await;
        let balance = ledger.balances().await;
        assert_eq!(balance.duplicates, 0, "{kind}: {balance:?}");
    }
}

/// Without a broker the handlers finish all the same, and nothing is waited for that cannot come.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_ends_while_disconnected() {
    let mut broker = victim().await;
    let mut services = Vec::new();
    for (kind, queue) in kinds() {
        let vhost = broker.vhost().await;
        let (ledger, gate) = (Arc::new(Ledger::default()), Arc::new(Semaphore::new(0)));
        let bus = start(&vhost.url(), queue.clone(), gated(&ledger, &gate)).await;
        services.push((kind, queue, vhost, ledger, gate, bus));
    }
    tokio::time::sleep(DIRECTORY_WRITTEN).await;
    for (_, _, _, ledger, _, bus) in &services {
        for n in 0..100 {
            ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
        }
        ledger.reaches(100).await;
    }
    broker.kill().await;
    for (kind, _, _, ledger, gate, bus) in &services {
        until("the loss is seen", async || !bus.health().connected).await;
        ledger.begins(1000);
        let sender = bus.clone();
        let unsent = tokio::spawn(async move { sender.send(Work { n: 1000 }).await });
        gate.add_permits(100);
        let started = Instant::now();
        shut_down(bus).await;
        shut_down(bus).await;
        assert!(started.elapsed() < LIMIT * 3 / 2, "{kind}: {:?}", started.elapsed());
        assert!(unsent.await.unwrap().is_err());
        assert_eq!(bus.counts().handled, 100, "{kind}");
    }
    broker.start_again().await;
    for (kind, queue, vhost, ledger, gate, _) in services {
        // Another process cannot know what this one has handled: all come once more.
        gate.add_permits(100);
        let next = start(&vhost.url(), queue, gated(&ledger, &gate)).await;
        until("all have come again", async || next.counts().handled == 100).await;
        let balance = ledger.balances().await;
        assert_eq!((balance.confirmed, balance.handled, balance.duplicates), (100, 100, 100), "{kind}");
        shut_down(&next).await;
    }
}

/// Neither a bus that is shut down nor one that is dropped leaves a task, connected or not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_task_is_left() {
    let mut broker = victim().await;
    let tasks = || Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    for stopped in [false, true] {
        for dropped in [false, true] {
            let vhost = broker.vhost().await;
            let (ledger, gate) = (Arc::new(Ledger::default()), Arc::new(Semaphore::new(10)));
            let bus = start(&vhost.url(), QueueOptions::quorum(), gated(&ledger, &gate)).await;
            for n in 0..10 {
                ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
            }
            ledger.balances().await;
            if stopped {
                broker.stop().await;
            }
            if !dropped {
                shut_down(&bus).await;
            }
            drop(bus);
            until("no task is left", async || tasks() == before).await;
            if stopped {
                broker.start_again().await;
            }
        }
    }
}
