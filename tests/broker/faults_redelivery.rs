//! A connection that is lost between a handler and its acknowledgement: the same process does not handle the message
//! again (design §4).

use std::sync::Arc;

use leveret::{Bus, transport::ConnectionState};
use leveret_tests::{
    broker::Broker,
    ledger::Ledger,
    scenarios::contracts::{Work, Worker},
};
use tokio::sync::Semaphore;

use crate::{
    amqp_support::{PATIENCE, until},
    faults_support::{DIRECTORY_WRITTEN, kinds, victim},
};

/// A worker whose handlers say that they have begun, and end when they may.
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

/// The connection is lost while handlers run: their messages come again and wait for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redelivery_waits_for_its_twin_and_takes_its_outcome() {
    for (kind, queue) in kinds() {
        let (vhost, ledger) = (Broker::shared().await.vhost().await, Arc::new(Ledger::default()));
        let gate = Arc::new(Semaphore::new(0));
        let worker = gated(&ledger, &gate);
        let builder = Bus::builder(vhost.url()).queue(queue).endpoint(worker).concurrency(8).prefetch(16);
        let bus = builder.start().await.unwrap();
        for n in 0..8 {
            ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
        }
        ledger.reaches(8).await;
        for epoch in 2..5 {
            assert_eq!(vhost.close_connections_named("worker consuming").await, 1);
            until("consuming again", async || {
                let health = bus.health();
                health.consuming && health.consuming_connection == ConnectionState::Up { epoch }
            })
            .await;
            until("all have come again", async || bus.queue_depth("worker").await.unwrap() == 0).await;
        }
        gate.add_permits(8);
        until("all are settled", async || bus.counts().handled == 8).await;
        bus.shutdown().await.unwrap();
        let balance = ledger.balances().await;
        assert_eq!((balance.handled, balance.duplicates), (8, 0), "{kind}");
        assert!(vhost.list_queues().await.iter().all(|queue| queue.messages == 0), "{kind}");
    }
}

/// The handlers have ended, and their acknowledgements reach a broker that never reads them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_handled_is_not_handled_again_when_its_ack_is_lost() {
    let mut broker = victim().await;
    for (kind, queue) in kinds() {
        let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
        let gate = Arc::new(Semaphore::new(0));
        let bus = Bus::builder(vhost.url())
            .queue(queue)
            .endpoint(gated(&ledger, &gate))
            .concurrency(8)
            .start_timeout(PATIENCE)
            .start()
            .await
            .unwrap();
        tokio::time::sleep(DIRECTORY_WRITTEN).await;
        for n in 0..8 {
            ledger.send(n.into(), bus.send(Work { n })).await.unwrap();
        }
        ledger.reaches(8).await;
        broker.freeze().await;
        gate.add_permits(8);
        until("all handlers have ended", async || bus.counts().handled == 8).await;
        broker.kill().await;
        broker.start_again().await;
        until("consuming again", async || bus.health().is_healthy()).await;
        gate.add_permits(8); // for handlers that should not run
        ledger.send(8, bus.send(Work { n: 8 })).await.unwrap();
        let balance = ledger.balances().await;
        until("all has come again", async || bus.queue_depth("worker").await.unwrap() == 0).await;
        bus.shutdown().await.unwrap();
        assert_eq!((balance.handled, balance.duplicates), (9, 0), "{kind}");
        assert!(vhost.list_queues().await.iter().all(|queue| queue.messages == 0), "{kind}");
    }
}
