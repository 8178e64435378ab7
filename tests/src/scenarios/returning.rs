//! Messages that a plain queue takes back: counted, so that one that kills its process ends in the error queue.

use leveret::{Bus, QueueOptions, headers::Value};

use super::{
    Env,
    contracts::{Work, Worker, at_once},
    steps::{Hear, channel, command, counts, inject, integer, pull, text},
};

const REDELIVERIES: &str = "PikaBus.Redeliveries";

/// A worker that tells the numbers it handles and how often they were taken back, and its paused bus.
async fn paused(env: &Env, queue: QueueOptions) -> (Bus, Hear<(u32, Option<i64>)>) {
    let (tell, heard) = channel();
    let worker = Worker::new(move |work, ctx| {
        let returns = ctx.headers().get(REDELIVERIES).and_then(Value::as_integer);
        tell.tell((work.n, returns));
        Box::pin(async { Ok(()) })
    });
    let builder = env.bus().endpoint(worker).queue(queue).concurrency(1).retry(at_once(3));
    let bus = env.start(builder).await;
    bus.pause().await.unwrap();
    (bus, heard)
}

/// Takes all messages of the queue out, and gives them back.
async fn take_and_return(bus: &Bus, messages: usize) {
    let mut taken = Vec::new();
    while taken.len() < messages {
        taken.extend(bus.get("worker").await.unwrap());
    }
    for pulled in taken {
        pulled.nack();
    }
    super::steps::eventually("all are back", async || {
        bus.queue_depth("worker").await.unwrap() as usize == messages
    })
    .await;
}

/// A copy takes the place of what comes again, once for each time, and is handled like the original. They keep their
/// order.
pub async fn is_counted_on_plain_queues(env: &Env) {
    let (bus, mut heard) = paused(env, QueueOptions::plain()).await;
    for n in 0..5 {
        bus.send(Work { n }).header("shop", "7").await.unwrap();
    }
    take_and_return(&bus, 5).await;
    bus.resume().await.unwrap();
    assert_eq!(heard.take(5).await, [0, 1, 2, 3, 4].map(|n| (n, Some(1))));
    counts(&bus, "success", |counts| counts.handled == 5).await;
    bus.send(Work { n: 5 }).await.unwrap();
    assert_eq!(heard.next().await, (5, None));
    bus.pause().await.unwrap();
    assert_eq!(bus.counts().returns_counted, 5);
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0, "replaced, and not copied");
    assert_eq!(bus.queue_depth("error").await.unwrap(), 0);
}

/// The twentieth time it is the message's own fault. Its count goes with it no further, so that a redrive begins anew.
pub async fn twenty_times_is_too_often(env: &Env) {
    let (bus, mut heard) = paused(env, QueueOptions::plain()).await;
    let wire = env.wire().await;
    let counted = |n: u32, returns: i64| {
        let mut envelope = command("Work", &format!(r#"{{"n":{n}}}"#));
        envelope.headers.insert(REDELIVERIES, returns);
        envelope.headers.insert("PikaBus.ErrorRetries", 2_i32);
        envelope
    };
    inject(&*wire, "worker", counted(18, 18)).await;
    inject(&*wire, "worker", counted(19, 19)).await;
    take_and_return(&bus, 2).await;
    inject(&*wire, "worker", counted(20, 30)).await; // comes for the first time
    bus.resume().await.unwrap();
    let failed = pull(&bus, "error").await;
    assert_eq!(failed.json::<Work>().unwrap(), Work { n: 19 });
    assert!(text(&failed, "PikaBus.ErrorDetails").unwrap().contains("taken the message back 20 times"));
    assert_eq!(text(&failed, "PikaBus.ErrorType"), Some("crash loop"));
    assert_eq!(text(&failed, "PikaBus.SourceQueue"), Some("worker"));
    assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(2), "no handler has failed");
    assert_eq!(failed.headers().get(REDELIVERIES), None);
    let mut handled = heard.take(2).await;
    handled.sort_unstable();
    assert_eq!(handled, [(18, Some(19)), (20, Some(30))]);
    counts(&bus, "success", |counts| (counts.handled, counts.moved_to_error) == (2, 1)).await;
    assert_eq!((bus.counts().failed, bus.counts().retried), (0, 0));
}

/// A quorum queue counts by itself.
pub async fn is_not_counted_on_quorum_queues(env: &Env) {
    let (bus, mut heard) = paused(env, QueueOptions::quorum()).await;
    bus.send(Work { n: 1 }).await.unwrap();
    take_and_return(&bus, 1).await;
    bus.resume().await.unwrap();
    assert_eq!(heard.next().await, (1, None));
    counts(&bus, "success", |counts| counts.handled == 1).await;
    assert_eq!(bus.counts().returns_counted, 0);
}

/// A plain queue that is full has no room for a copy: what comes again is handled uncounted, rather than never.
pub async fn a_full_queue_has_no_room_for_copies(env: &Env) {
    let full = QueueOptions::plain().argument("x-max-length", 2_i32).argument("x-overflow", "reject-publish");
    let (bus, mut heard) = paused(env, full).await;
    for n in 0..2 {
        bus.send(Work { n }).await.unwrap();
    }
    take_and_return(&bus, 2).await;
    let taken = bus.get("worker").await.unwrap().unwrap(); // makes room for one more
    bus.send(Work { n: 2 }).await.unwrap();
    taken.nack();
    super::steps::eventually("it is back", async || bus.queue_depth("worker").await.unwrap() == 3).await;
    bus.resume().await.unwrap();
    let mut numbers: Vec<_> = heard.take(3).await.into_iter().map(|(n, _)| n).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 1, 2]);
    counts(&bus, "success", |counts| counts.handled == 3).await;
}
