//! What many losses leave behind.

use leveret::transport::ConnectionState;
use leveret_tests::broker::Broker;
use tokio::{process::Command, runtime::Handle, time::timeout};

use crate::{
    amqp_support::{PATIENCE, until},
    faults_support::Pair,
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
