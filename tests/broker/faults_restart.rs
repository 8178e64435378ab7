//! The broker dies, or is restarted, while messages go both ways.

use crate::faults_support::{DIRECTORY_WRITTEN, Pair, victim};

/// 20,000 messages: half of them on quorum queues, half on classic ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_broker_is_killed_five_times() {
    let mut broker = victim().await;
    let mut pairs = Pair::of_each_kind(&broker).await;
    tokio::time::sleep(DIRECTORY_WRITTEN).await;
    for _ in 0..5 {
        under_load(&mut pairs, 1000).await;
        broker.kill().await;
        broker.start_again().await;
    }
    for pair in pairs {
        pair.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_broker_is_stopped_and_started() {
    let mut broker = victim().await;
    let mut pairs = Pair::of_each_kind(&broker).await;
    under_load(&mut pairs, 500).await;
    broker.restart().await;
    for pair in pairs {
        pair.ends().await;
    }
}

/// Begins so many serves on each pair, and waits until a tenth of them has arrived.
async fn under_load(pairs: &mut [Pair], serves: u64) {
    for pair in pairs.iter_mut() {
        pair.serve(serves);
    }
    for pair in pairs {
        let tenth = usize::try_from(serves / 10).unwrap();
        pair.ledger.reaches(pair.ledger.handled() + tenth).await;
    }
}
