use leveret::headers::Headers;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{PATIENCE, Site, finish, until};

const MESSAGES: usize = 100;
const TIMES: usize = 30;

#[tokio::test(flavor = "multi_thread")]
async fn looking_loses_nothing_and_neither_does_killing() {
    let site = Site::with_queues(&[]).await;
    // Without a limit of its own: RabbitMQ 4 drops what was returned 20 times.
    site.queue("error", Headers::from_iter([("x-queue-type", "quorum")])).await;
    site.fail("billing", MESSAGES).await;
    let mut killed = 0;
    for time in 0..TIMES {
        site.run("error list").await.ends_with_code(0).says(&["100 messages in `error`"]);
        killed += usize::from(is_killed_while_it_looks(&site, time).await);
    }
    assert!(killed >= TIMES / 2, "killed only {killed} times");
    // A kill between the confirm of a copy and the ack of its original leaves both; the next look sorts that out.
    site.run("error list").await.ends_with_code(0).says(&["100 messages in `error`"]);
    site.settles("error", MESSAGES as u64).await;
    let mut ids: Vec<usize> = site.ids("error").await.iter().map(|id| id.parse().unwrap()).collect();
    ids.sort_unstable();
    assert!(ids.into_iter().eq(0..MESSAGES));
}

/// Sometimes with the first message in its hands, sometimes with all of them, or with all but those it replaces.
async fn is_killed_while_it_looks(site: &Site, time: usize) -> bool {
    let few = [MESSAGES as u64 - 1, 50, 0][time % 3];
    let mut child = site.command("error list").spawn().unwrap();
    let ended = async { while site.ready("error").await > few {} };
    let seen = tokio::select! {
        () = ended => true,
        _ = child.wait() => false,
        () = tokio::time::sleep(PATIENCE) => panic!("it neither looks nor ends"),
    };
    if let Some(pid) = child.id().and_then(|id| Pid::from_raw(id.try_into().unwrap())) {
        kill_process(pid, Signal::KILL).unwrap();
    }
    let ran = finish(child).await;
    until("the broker has taken them back", async || site.ready("error").await >= MESSAGES as u64).await;
    seen && ran.code.is_none()
}

/// Its consumers take one message at a time while the first has been returned so often.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_returned_often_is_renewed_and_told_once() {
    let site = Site::with_queues(&["billing"]).await;
    site.queue("error", Headers::from_iter([("x-queue-type", "quorum")])).await;
    site.fail("nowhere", 1).await;
    for _ in 0..12 {
        let mut consumer = site.consume("error", 1).await.unwrap();
        let incoming = consumer.next().await.unwrap();
        // Unsettled on a channel that closes: every generation counts it.
        consumer.close().await;
        drop(incoming);
        until("it is back", async || site.ready("error").await == 1).await;
    }
    site.put("error", crate::support::failed("young", "billing"), "{}").await;
    site.run("error redrive")
        .await
        .ends_with_code(1)
        .says(&["left: 0: the queue `nowhere` does not exist", "1 of 2 redriven, 1 left in place"]);
    site.run("error show 0").await.ends_with_code(0).says(&["PikaBus.Renewed: true"]);
    site.settles("error", 1).await;
    assert_eq!(site.ids("billing").await, ["young"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_a_kill_left_beside_its_original_is_removed() {
    let site = Site::with_queues(&["error"]).await;
    let with_id = Headers::from_iter([("PikaBus.MessageId", "1"), ("PikaBus.SourceQueue", "billing")]);
    let without_id = Headers::from_iter([("PikaBus.SourceQueue", "billing")]);
    for original in [with_id, without_id] {
        let mut copy = original.clone();
        copy.insert("PikaBus.Renewed", true);
        site.put("error", original, "{}").await;
        site.put("error", copy, "{}").await;
    }
    // Without an id they may be two messages that are equal.
    site.run("error list").await.ends_with_code(0).says(&["3 messages in `error`"]);
    site.settles("error", 3).await;
}
