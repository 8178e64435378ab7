//! A broker that takes nothing for a while: it is frozen, or has run out of memory.

use std::time::Duration;

use leveret::{
    Bus,
    publish::SendErrorKind,
    transport::{ConnectionState, PublishErrorKind},
};
use tokio::time::{Instant, sleep};

use crate::{
    amqp_support::until,
    faults_support::{Pair, ToWest, kinds, victim},
};

/// What an impatient service gives its sends.
const DEADLINE: Duration = Duration::from_secs(4);

async fn impatient(pair: &Pair) -> Bus {
    Bus::builder(pair.vhost.url()).publish_timeout(DEADLINE).start().await.unwrap()
}

/// A send that the broker does not confirm ends at its deadline, and is uncertain.
async fn fails_in_time(pair: &Pair, bus: &Bus, n: u64) {
    let started = Instant::now();
    let error = pair.ledger.send(n, bus.send(ToWest { n })).await.unwrap_err();
    let took = started.elapsed();
    let uncertain = matches!(
        error.kind(),
        SendErrorKind::Broker(PublishErrorKind::Unknown { .. } | PublishErrorKind::NotSent { .. })
    );
    assert!(uncertain, "{error}");
    assert!(took >= DEADLINE && took < 2 * DEADLINE, "{took:?}");
}

/// Three heartbeats: both connections are given up meanwhile. The passing of time is the point.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_is_frozen_for_three_heartbeats() {
    let mut broker = victim().await;
    let mut pairs = Vec::new();
    for kind in kinds() {
        pairs.push(Pair::start_at(&broker, kind, "?heartbeat=5").await);
    }
    let sender = impatient(&pairs[0]).await;
    for pair in &mut pairs {
        pair.serve(300);
        pair.ledger.reaches(30).await;
    }
    broker.freeze().await;
    let frozen = Instant::now();
    fails_in_time(&pairs[0], &sender, 1_000_001).await;
    for pair in &pairs {
        until("the losses are seen", async || !pair.east.health().connected && !pair.west.health().consuming)
            .await;
    }
    sleep(Duration::from_secs(15).saturating_sub(frozen.elapsed())).await;
    broker.thaw().await;
    for mut pair in pairs {
        pair.serve(100);
        pair.ends().await;
    }
    sender.shutdown().await.unwrap();
}

/// Consuming goes on, publishing waits or ends at its deadline, and health says so; all is well afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_memory_alarm_holds_up_publishing_and_nothing_else() {
    let mut broker = victim().await;
    let mut pairs = Pair::of_each_kind(&broker).await;
    let mut senders = Vec::new();
    for pair in &pairs {
        senders.push(impatient(pair).await);
        pair.west.pause().await.unwrap();
        for n in (1_000_001..1_000_101).step_by(2) {
            pair.ledger.send(n, pair.east.send(ToWest { n })).await.unwrap();
        }
    }
    for round in 0..2 {
        broker.alarm(true).await;
        for (pair, sender) in pairs.iter_mut().zip(&senders) {
            let handled = pair.ledger.handled();
            pair.serve(100);
            pair.west.resume().await.unwrap();
            if handled == 0 {
                // What was in the queue before is consumed.
                pair.ledger.reaches(50).await;
            }
            if round == 0 {
                fails_in_time(pair, sender, 2_000_001).await;
            }
            until("health says that the broker is blocked", async || {
                let health = pair.east.health();
                let stalled = matches!(health.publishing_connection, ConnectionState::Stalled { .. });
                health.blocked && stalled && health.consuming && !health.is_healthy()
            })
            .await;
        }
        broker.alarm(false).await;
        for pair in &mut pairs {
            pair.all_sent().await;
            pair.ledger.balances().await;
            until("health says that all is well", async || pair.east.health().is_healthy()).await;
        }
    }
    for pair in pairs {
        assert!(matches!(pair.east.health().publishing_connection, ConnectionState::Up { epoch: 1 }));
        assert_eq!(pair.ends().await.duplicates, 0, "no connection was lost");
    }
    for sender in senders {
        sender.shutdown().await.unwrap();
    }
}
