//! What becomes of a message whose handler fails.

use std::{
    collections::BTreeSet,
    sync::Arc,
    time::{Duration, Instant},
};

use leveret::{HandlerError, HandlerResultExt, RetryPolicy, headers::Value};
use tokio::{sync::Semaphore, time::timeout};

use super::{
    Env,
    contracts::{Work, Worker, at_once},
    steps::{channel, command, counts, inject, integer, pull, text},
};

/// Fails, and then succeeds: each run knows which it is.
pub async fn until_it_succeeds(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        tell.tell(ctx.attempt());
        Box::pin(async move { if ctx.attempt() < 3 { Err("not yet".into()) } else { Ok(()) } })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(5))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert_eq!(heard.take(3).await, [1, 2, 3]);
    counts(&bus, "success", |counts| counts.handled == 1).await;
    let counts = bus.counts();
    assert_eq!((counts.failed, counts.retried, counts.moved_to_error), (2, 2, 0));
    bus.pause().await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
    assert_eq!(bus.queue_depth("error").await.unwrap(), 0);
}

/// After the last retry the message stands in the error queue as it was sent, with what went wrong.
pub async fn until_there_is_no_retry_left(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        tell.tell(ctx.attempt());
        Box::pin(async {
            Err(std::io::Error::other("the disk is full"))?;
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(2))).await;
    bus.send(Work { n: 1 })
        .header("shop", 7_i32)
        .header("note", "☃")
        .correlation_id("saga")
        .priority(4)
        .await
        .unwrap();
    let failed = pull(&bus, "error").await;
    assert_eq!(heard.rest(), [1, 2, 3]);
    assert_eq!(text(&failed, "PikaBus.ErrorDetails"), Some("the disk is full"));
    assert_eq!(text(&failed, "PikaBus.ErrorType"), Some("std::io::error::Error"));
    assert_eq!(text(&failed, "PikaBus.SourceQueue"), Some("worker"));
    assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(3));
    assert!(text(&failed, "PikaBus.TimeOfFailure").is_some());
    assert_eq!(failed.body(), br#"{"n":1}"#);
    assert_eq!(failed.headers().get("shop"), Some(&Value::I32(7)));
    assert_eq!(text(&failed, "note"), Some("☃"));
    assert_eq!(text(&failed, "PikaBus.CorrelationId"), Some("saga"));
    assert_eq!(failed.message_type().as_deref(), Some("Work"));
    assert_eq!(failed.received().envelope.properties.priority, Some(4));
    counts(&bus, "move", |counts| counts.moved_to_error == 1 && counts.handled == 0).await;
    bus.pause().await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0, "moved, and not copied");
}

/// What cannot get better is not tried again.
pub async fn not_when_it_is_permanent(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Err("no such card").permanent() }));
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(5))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let failed = pull(&bus, "error").await;
    assert_eq!(text(&failed, "PikaBus.ErrorDetails"), Some("no such card"));
    assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(1));
    assert_eq!((bus.counts().failed, bus.counts().retried), (1, 0));
}

/// What is of no use any more is acknowledged and counted.
pub async fn not_when_it_is_discarded(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Err("a duplicate").discard() }));
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(5))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    counts(&bus, "discarded", |counts| counts.discarded == 1).await;
    bus.pause().await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
    assert_eq!(bus.queue_depth("error").await.unwrap(), 0);
    assert_eq!(bus.counts().retried, 0);
}

/// The error itself may say when to come again, within the policy's number of retries.
pub async fn not_before_the_error_says(env: &Env) {
    let pause = Duration::from_millis(200);
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, _| {
        tell.tell(Instant::now());
        Box::pin(async move { Err(HandlerError::from("busy").retry_after(pause)) })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let (first, second) = (heard.next().await, heard.next().await);
    assert!(second - first >= pause, "after {:?}", second - first);
    assert_eq!(integer(&pull(&bus, "error").await, "PikaBus.ErrorRetries"), Some(2));
}

/// A message that waits for its next try takes no place from others.
pub async fn others_are_handled_meanwhile(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |work, _| {
        tell.tell(work.n);
        Box::pin(async move { if work.n == 1 { Err("later".into()) } else { Ok(()) } })
    });
    let policy = RetryPolicy::fixed(Duration::from_secs(600));
    let bus = env.start(env.bus().endpoint(worker).concurrency(1).prefetch(2).retry(policy)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 1);
    bus.send(Work { n: 2 }).await.unwrap();
    assert_eq!(heard.next().await, 2);
}

/// A panic is a failure like any other, and the bus lives on.
pub async fn after_a_panic(env: &Env) {
    let worker = Worker::new(|work, _| {
        assert_ne!(work.n, 0, "before the future");
        Box::pin(async move {
            assert_ne!(work.n, 1, "within it");
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1))).await;
    for (n, place) in [(0, "before the future"), (1, "within it")] {
        bus.send(Work { n }).await.unwrap();
        let failed = pull(&bus, "error").await;
        let details = text(&failed, "PikaBus.ErrorDetails").unwrap();
        assert!(details.starts_with("the handler panicked at ") && details.contains(place), "{details}");
        assert!(details.contains("retrying.rs:"), "{details}");
        assert_eq!(text(&failed, "PikaBus.ErrorType"), Some("panic"));
        assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(2));
    }
    bus.send(Work { n: 2 }).await.unwrap();
    counts(&bus, "success", |counts| counts.handled == 1).await;
}

/// A handler that runs too long is stopped, and has failed.
pub async fn after_the_time_limit(env: &Env) {
    let worker = Worker::new(|_, ctx| {
        Box::pin(async move { if ctx.attempt() == 1 { std::future::pending().await } else { Ok(()) } })
    });
    let builder = env.bus().endpoint(worker).retry(at_once(1)).handler_timeout(Duration::from_millis(50));
    let bus = env.start(builder).await;
    bus.send(Work { n: 1 }).await.unwrap();
    counts(&bus, "second run", |counts| (counts.failed, counts.handled) == (1, 1)).await;
}

/// How often a message failed before, here or elsewhere, travels in it and counts.
pub async fn failures_elsewhere_count(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        tell.tell(ctx.attempt());
        Box::pin(async { Err("again".into()) })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(3))).await;
    let wire = env.wire().await;
    for (count, runs) in [
        (Value::I64(2), vec![3, 4]),
        (Value::U8(3), vec![4]),
        (Value::from("2"), vec![3, 4]),
        (Value::I32(i32::MAX), vec![2_147_483_648]),
        (Value::I64(u32::MAX.into()), vec![u32::MAX]),
    ] {
        let mut envelope = command("Work", r#"{"n":1}"#);
        envelope.headers.insert("PikaBus.ErrorRetries", count);
        inject(&*wire, "worker", envelope).await;
        let failed = pull(&bus, "error").await;
        assert_eq!(heard.rest(), runs);
        assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), runs.last().copied().map(i64::from));
    }
}

/// A pause puts off the next try; how often the message has failed travels on in it.
pub async fn a_pause_keeps_the_count(env: &Env) {
    let (tell, mut heard) = channel();
    let fail = Arc::new(Semaphore::new(0));
    let gate = fail.clone();
    let worker = Worker::new(move |_, ctx| {
        tell.tell(ctx.attempt());
        let gate = gate.clone();
        Box::pin(async move {
            gate.acquire().await?.forget();
            Err("later".into())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1000))).await;
    bus.send(Work { n: 1 }).header("shop", "7").await.unwrap();
    assert_eq!(heard.next().await, 1);
    let mut pausing = tokio::spawn({
        let bus = bus.clone();
        async move { bus.pause().await }
    });
    // Each failure is tried again at once, until the one that happens to be the first during the pause.
    while timeout(Duration::from_millis(5), &mut pausing).await.is_err() {
        fail.add_permits(1);
    }
    let runs = heard.rest().last().copied().unwrap_or(1);
    let waiting = pull(&bus, "worker").await;
    assert_eq!(integer(&waiting, "PikaBus.ErrorRetries"), Some(runs.into()));
    assert_eq!(text(&waiting, "shop"), Some("7"));
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0, "moved, and not copied");
}

/// Instances that compete for a queue count together: each message is handled once and for each retry once, whoever
/// has it.
pub async fn competing_instances_count_together(env: &Env) {
    const MESSAGES: u32 = 200;
    let (tell, mut heard) = channel();
    let policy = RetryPolicy::fixed(Duration::from_millis(20)).max_retries(3).immediate(1);
    for _ in 0..4 {
        let tell = tell.clone();
        let worker = Worker::new(move |work, ctx| {
            tell.tell((work.n, ctx.attempt()));
            Box::pin(async { Err("always".into()) })
        });
        env.start(env.bus().endpoint(worker).retry(policy.clone())).await;
    }
    let sender = env.sender().await;
    for n in 0..MESSAGES {
        sender.send(Work { n }).await.unwrap();
    }
    let mut failed = BTreeSet::new();
    while failed.len() < MESSAGES as usize {
        let message = pull(&sender, "error").await;
        assert_eq!(integer(&message, "PikaBus.ErrorRetries"), Some(4));
        assert!(failed.insert(message.json::<Work>().unwrap().n), "twice in the error queue");
    }
    let mut runs = heard.rest();
    runs.sort_unstable();
    let expected: Vec<_> = (0..MESSAGES).flat_map(|n| (1..=4).map(move |attempt| (n, attempt))).collect();
    assert_eq!(runs, expected);
}
