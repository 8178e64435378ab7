//! An endpoint's queue that is deleted under it, and a broker that loses patience with a handler.

use std::{sync::Arc, time::Duration};

use leveret::Bus;
use leveret_tests::{
    broker::{Broker, BrokerOptions},
    ledger::Ledger,
    scenarios::contracts::{Work, Worker},
};

use tokio::{task::JoinSet, time::timeout};

use crate::{
    amqp_support::{PATIENCE, connect_to, until},
    faults_support::{Pair, kinds},
};

/// It is declared again. What was in it is gone with it, so the case deletes an empty one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_that_is_deleted_under_its_endpoint_comes_back() {
    for kind in kinds() {
        let mut pair = Pair::start(Broker::shared().await, kind).await;
        let operator = connect_to(&pair.vhost.url()).await;
        for _ in 0..3 {
            pair.serve(100);
            pair.all_sent().await;
            pair.ledger.balances().await;
            until("the queue is empty", async || {
                pair.west.queue_depth("east").await.is_ok_and(|depth| depth == 0)
            })
            .await;
            operator.delete_queue("east").await.unwrap();
            until("the queue is back", async || pair.west.queue_depth("east").await.is_ok()).await;
            until("consuming", async || pair.east.health().is_healthy()).await;
        }
        operator.close(Duration::from_secs(5)).await;
        pair.serve(100);
        assert_eq!(pair.ends().await.duplicates, 0);
    }
}

/// A quorum queue without a leader, on a broker that works: sends and consumers wait for it as for a lost connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_that_is_down_for_a_while_is_waited_for() {
    let broker = Broker::shared().await;
    let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
    let bus = Bus::builder(vhost.url())
        .endpoint(slow_at(u32::MAX, &ledger))
        .publish_timeout(PATIENCE)
        .start()
        .await
        .unwrap();
    ledger.send(0, bus.send(Work { n: 0 })).await.unwrap();
    ledger.reaches(1).await;
    let leader = |action: &str| {
        let name = vhost.name();
        format!(
            "{{ok, Q}} = rabbit_amqqueue:lookup(rabbit_misc:r(<<\"{name}\">>, queue, <<\"worker\">>)),
             ok = ra:{action}(quorum_queues, amqqueue:get_pid(Q))"
        )
    };
    broker.eval(&leader("stop_server")).await;
    // 3.10 may have answered the consumer's end twice, which amqprs does not survive: then one is lost already.
    assert!((1..=2).contains(&vhost.close_connections().await));
    let mut sends = JoinSet::new();
    for n in 1..20 {
        let (ledger, bus) = (ledger.clone(), bus.clone());
        sends.spawn(async move { ledger.send(n.into(), bus.send(Work { n })).await });
    }
    until("the bus is refused", async || {
        let health = bus.health();
        !health.is_healthy() && health.last_error.is_some()
    })
    .await;
    assert_eq!(ledger.handled(), 1);
    broker.eval(&leader("restart_server")).await;
    for sent in timeout(2 * PATIENCE, sends.join_all()).await.unwrap() {
        sent.unwrap();
    }
    let balance = ledger.balances().await;
    assert_eq!(balance.handled, 20);
    until("consuming", async || bus.health().is_healthy()).await;
    bus.shutdown().await.unwrap();
}

/// 3.10 and 4.0 lose patience with consumers of both kinds of queues, 4.3 with those of quorum queues only: for a classic
/// one the case only shows that a slow handler harms nobody. The passing of time is the point.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_is_slower_than_the_consumer_timeout_runs_once() {
    let options = BrokerOptions::new()
        .config_line("consumer_timeout = 5000")
        .advanced_config("[{rabbit, [{channel_tick_interval, 1000}]}].");
    let broker = Broker::start_with(options).await;
    let mut services = Vec::new();
    for (kind, queue) in kinds() {
        let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
        let builder = Bus::builder(vhost.url()).queue(queue).endpoint(slow_at(0, &ledger)).concurrency(4);
        let bus = builder.start().await.unwrap();
        for n in 0..50 {
            ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
        }
        services.push((kind, bus, vhost, ledger));
    }
    for (kind, bus, vhost, ledger) in services {
        until("all are done", async || bus.counts().handled == 50).await;
        until("consuming", async || bus.health().is_healthy()).await;
        for n in 50..100 {
            ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
        }
        let balance = ledger.balances().await;
        assert_eq!((balance.handled, balance.duplicates), (100, 0), "{kind}");
        until("the queue is empty", async || bus.queue_depth("worker").await.is_ok_and(|depth| depth == 0))
            .await;
        bus.shutdown().await.unwrap();
        assert!(vhost.list_queues().await.iter().all(|queue| queue.messages == 0), "{kind}");
    }
    assert_impatient(&broker).await;
}

/// That the broker has really lost its patience: it says so in its log.
async fn assert_impatient(broker: &Broker) {
    let version = broker.version().await;
    let log = std::fs::read_dir(broker.folder().join("log")).unwrap();
    let log: String = log.filter_map(|file| std::fs::read_to_string(file.unwrap().path()).ok()).collect();
    let complaints: Vec<_> =
        log.lines().filter(|line| line.contains("timed out") || line.contains("timeout")).collect();
    println!("{version}: {complaints:?}");
    if !version.starts_with("4.3") {
        assert!(complaints.len() >= 2, "the consumers of both kinds of queues were too slow: {complaints:?}");
    }
}

fn slow_at(slow: u32, ledger: &Arc<Ledger>) -> Worker {
    let ledger = ledger.clone();
    Worker::new(move |work, _| {
        ledger.handles(work.n.into());
        Box::pin(async move {
            if work.n == slow {
                tokio::time::sleep(Duration::from_secs(9)).await;
            }
            Ok(())
        })
    })
}
