//! A message that kills each connection that it is delivered on (hazard H12), in the queue of an endpoint.

use std::sync::Arc;

use leveret::{Bus, topology::QueueOptions, transport::ConnectionState};
use leveret_tests::{broker::Broker, ledger::Ledger};

use crate::{
    amqp_raw::{publish_poison, remove_poison},
    amqp_support::until,
    faults_support::{East, ToEast, ToWest, West, kinds},
};

/// The endpoint is paused and says why, on a connection of its own: the bus goes on with everything else. Once the
/// message is gone, it consumes again by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_that_kills_connections_is_paused_and_reported() {
    let broker = Broker::shared().await;
    for (kind, queue) in kinds() {
        let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
        let builder = || Bus::builder(vhost.url()).queue(queue.clone());
        let east = builder().endpoint(East(ledger.clone())).start().await.unwrap();
        let west = builder().endpoint(West(ledger.clone())).start().await.unwrap();
        publish_poison(broker.port(), vhost.name(), "east").await;
        until("the endpoint is paused, and says why", async || {
            let health = east.health();
            let told = health.last_error.clone().unwrap_or_default();
            told.contains("`east` is not consumed for") && !health.consuming && !health.is_healthy()
        })
        .await;
        // Its shared connection is left in peace.
        until("connected", async || east.health().connected).await;
        let ConnectionState::Up { epoch } = east.health().consuming_connection else { panic!() };
        for n in [1, 3, 5] {
            ledger.send(n, east.send(ToWest { n })).await.unwrap();
            ledger.send(n + 100, west.send(ToEast { n: n + 100 })).await.unwrap();
        }
        until("the others are handled", async || [1, 3, 5].iter().all(|n| ledger.times(*n) == 1)).await;
        assert!(west.health().is_healthy() && west.health().last_error.is_none());
        let up = ConnectionState::Up { epoch };
        assert_eq!(east.health().consuming_connection, up);
        remove_poison(broker.port(), vhost.name(), "east").await;
        let balance = ledger.balances().await;
        assert_eq!((balance.handled, balance.duplicates), (6, 0), "{kind}");
        until("consuming", async || east.health().is_healthy()).await;
        assert_eq!(east.health().consuming_connection, up);
        east.shutdown().await.unwrap();
        west.shutdown().await.unwrap();
    }
}

/// A quorum queue ends it by itself: the message goes to `error` at the delivery limit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_limit_ends_the_pauses() {
    let broker = Broker::shared().await;
    let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
    let queue = QueueOptions::quorum().delivery_limit(7);
    let east = Bus::builder(vhost.url()).queue(queue).endpoint(East(ledger.clone())).start().await.unwrap();
    publish_poison(broker.port(), vhost.name(), "east").await;
    ledger.send(1, east.send(ToEast { n: 1 })).await.unwrap();
    ledger.balances().await;
    assert_eq!(east.queue_depth("error").await.unwrap(), 1);
    assert!(east.health().is_healthy());
    east.shutdown().await.unwrap();
}
