//! A service that the broker is not there for yet, or that it refuses.

use std::{sync::Arc, time::Duration};

use leveret::{
    Bus,
    headers::Headers,
    topology::{Queue, QueueOptions},
    transport::ConnectionState,
};
use leveret_tests::{
    broker::{Broker, Permissions},
    ledger::Ledger,
};
use tokio::time::sleep;

use crate::{
    amqp_support::{PATIENCE, connect_to, declare_queue, unique, until},
    faults_support::{East, Pair, ToEast, ToWest, West, kinds, victim},
};

/// The service is there first, and its broker some ten seconds later: the passing of time is the point.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_awaits_its_broker() {
    let mut broker = victim().await;
    let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
    broker.stop().await;
    let builder = Bus::builder(vhost.url()).endpoint(East(ledger.clone())).start_timeout(PATIENCE);
    let starting = tokio::spawn(builder.start());
    sleep(Duration::from_secs(8)).await;
    assert!(!starting.is_finished());
    broker.start_again().await;
    let bus = starting.await.unwrap().unwrap();
    assert!(bus.health().is_healthy());
    ledger.send(1, bus.send(ToEast { n: 1 })).await.unwrap();
    assert_eq!(ledger.balances().await.handled, 1);
    bus.shutdown().await.unwrap();
}

/// A password that is changed while the service runs, and a queue that somebody declares otherwise while it is away:
/// both are told by health and not hammered, and others go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_after_a_reconnect_are_told_and_not_hammered() {
    let (broker, user) = (Broker::shared().await, unique("refused"));
    let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
    broker.add_user(&user, "first").await;
    vhost.set_permissions(&user, Permissions::ALL).await;
    let url = vhost.url_for(&user, "first");
    let east = Bus::builder(url).endpoint(East(ledger.clone())).start().await.unwrap();
    let west = Bus::builder(vhost.url()).endpoint(West(ledger.clone())).start().await.unwrap();

    broker.change_password(&user, "second").await;
    for purpose in ["publishing", "consuming"] {
        assert_eq!(vhost.close_connections_named(&format!("east {purpose}")).await, 1);
    }
    until("health tells of the user", async || {
        let health = east.health();
        [health.publishing_connection, health.consuming_connection]
            .iter()
            .all(|state| state.to_string().contains("refused user"))
    })
    .await;
    not_hammered(&east).await;
    ledger.send(1, west.send(ToWest { n: 1 })).await.unwrap();
    ledger.reaches(1).await;

    let operator = connect_to(&vhost.url()).await;
    operator.delete_queue("east").await.unwrap();
    declare_queue(&*operator, Queue::new("east", Headers::new())).await;
    broker.change_password(&user, "first").await;
    until("health tells of the queue", async || {
        let health = east.health();
        let told = health.last_error.as_deref().unwrap_or_default();
        health.publishing_connection.is_connected()
            && !health.consuming
            && told.contains("`east`")
            && told.contains("x-queue-type")
    })
    .await;
    assert!(!east.health().is_healthy());
    not_hammered(&east).await;
    ledger.send(3, east.send(ToWest { n: 3 })).await.unwrap();
    ledger.reaches(2).await;
    ledger.send(5, west.send(ToEast { n: 5 })).await.unwrap(); // waits in the queue that is there

    // Somebody mends it, and moves what was in it.
    operator.delete_queue("east").await.unwrap();
    until("all is well", async || east.health().is_healthy()).await;
    west.send(ToEast { n: 5 }).await.unwrap();
    let balance = ledger.balances().await;
    assert_eq!((balance.handled, balance.duplicates), (3, 0));
    for bus in [east, west] {
        bus.shutdown().await.unwrap();
    }
    operator.close(Duration::from_secs(5)).await;
}

/// One attempt every 5 to 10 s at most: the passing of time is the point.
async fn not_hammered(bus: &Bus) {
    let attempts = || match bus.health().consuming_connection {
        ConnectionState::Backoff { attempt, .. } => attempt,
        _ => 0,
    };
    let before = attempts();
    sleep(Duration::from_secs(4)).await;
    let after = attempts();
    assert!(after <= before + 1, "from {before} to {after} attempts in 4 s");
}

/// The same at the start is an error at once, and leaves the others alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_that_is_declared_otherwise_fails_the_start_of_one_service_only() {
    for kind in kinds() {
        let mut pair = Pair::start(Broker::shared().await, kind).await;
        pair.serve(100);
        let other = if pair.kind == "quorum" { QueueOptions::plain() } else { QueueOptions::quorum() };
        let twin = Bus::builder(pair.vhost.url()).queue(other).endpoint(East(pair.ledger.clone()));
        let error = twin.start().await.unwrap_err();
        assert!(error.to_string().contains("x-queue-type"), "{error}");
        assert_eq!(pair.ends().await.duplicates, 0);
    }
}
