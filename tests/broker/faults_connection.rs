//! Connections that the broker closes, under load.

use std::time::Duration;

use leveret::transport::ConnectionState;
use leveret_tests::broker::Broker;

use crate::{
    amqp_support::until,
    faults_support::{Pair, kinds},
};

/// The passing of time is the point: each loss comes while the last one heals.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_connections_are_closed_every_half_second() {
    let mut pairs = Pair::of_each_kind(Broker::shared().await).await;
    let mut closed = 0;
    for _ in 0..20 {
        for pair in &mut pairs {
            pair.serve(50);
            closed += pair.vhost.close_connections().await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(closed >= 20, "{closed} connections were closed");
    for pair in pairs {
        pair.ends().await;
    }
}

/// Losing one of its two connections costs a bus nothing but that: the other one stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_is_closed_while_the_other_lives() {
    for kind in kinds() {
        let mut pair = Pair::start(Broker::shared().await, kind).await;
        for (purpose, publishing, consuming) in [("publishing", 2, 1), ("consuming", 2, 2)] {
            pair.serve(200);
            pair.ledger.reaches(pair.ledger.handled() + 20).await;
            let closed = pair.vhost.close_connections_named(&format!("east {purpose}")).await;
            assert_eq!(closed, 1);
            let up = |epoch| ConnectionState::Up { epoch };
            until("the other one lives, and this one is back", async || {
                let health = pair.east.health();
                (health.publishing_connection, health.consuming_connection) == (up(publishing), up(consuming))
            })
            .await;
        }
        let west = pair.west.health();
        assert_eq!(west.last_error, None, "nobody touched the other bus");
        pair.ends().await;
    }
}
