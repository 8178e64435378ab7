use std::collections::BTreeSet;

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::Child;

use crate::support::{Site, finish, until};

const MESSAGES: usize = 5000;
/// What may be in both queues after a kill.
const WINDOW: usize = 1000;

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(child.id().expect("it still runs").try_into().unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

/// Starts a redrive, and waits until some of it is done.
async fn half_way(site: &Site) -> Child {
    let child = site.command("error redrive").spawn().unwrap();
    until("half of it is done", async || site.ready("billing").await > MESSAGES as u64 / 4).await;
    child
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_half_way_and_run_again() {
    let site = Site::with_queues(&["error", "billing"]).await;
    site.fail("billing", MESSAGES).await;
    let child = half_way(&site).await;
    signal(&child, Signal::KILL);
    assert_eq!(finish(child).await.code, None);
    until("all are in one of the two", async || {
        site.ready("error").await + site.ready("billing").await >= MESSAGES as u64
    })
    .await;

    let (left, moved) = (site.ids("error").await, site.ids("billing").await);
    let all: BTreeSet<_> = left.iter().chain(&moved).collect();
    assert!(!left.is_empty());
    assert_eq!(all.len(), MESSAGES, "each is in one of the two at least");
    assert!(left.len() + moved.len() <= MESSAGES + WINDOW, "{} left, {} moved", left.len(), moved.len());

    site.run("error redrive").await.ends_with_code(0).says(&["0 left in place"]);
    site.settles("error", 0).await;
    let moved = site.ids("billing").await;
    assert_eq!(moved.iter().collect::<BTreeSet<_>>().len(), MESSAGES);
    assert!(moved.len() <= MESSAGES + WINDOW);
}

#[tokio::test(flavor = "multi_thread")]
async fn interrupted_half_way_it_tells_so_and_moves_nothing_twice() {
    let site = Site::with_queues(&["error", "billing"]).await;
    site.fail("billing", MESSAGES).await;
    let child = half_way(&site).await;
    signal(&child, Signal::INT);
    finish(child).await.ends_with_code(1).says(&["interrupted"]);
    assert!(site.ready("billing").await < MESSAGES as u64);
    site.settles("error", MESSAGES as u64 - site.ready("billing").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_share_the_work() {
    let site = Site::with_queues(&["error", "billing"]).await;
    site.fail("billing", MESSAGES).await;
    let (one, other) = tokio::join!(site.run("error redrive"), site.run("error redrive"));
    one.ends_with_code(0);
    other.ends_with_code(0);
    site.settles("error", 0).await;
    let ids = site.ids("billing").await;
    assert_eq!(ids.len(), MESSAGES);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), MESSAGES);
}
