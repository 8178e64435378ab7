//! What waits for its time. Run under a paused clock, the waits cost nothing and are exact.

use std::time::Duration;

use leveret::{Bus, RetryPolicy, headers::Value, publish::SendErrorKind, transport::PublishErrorKind};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use tokio::time::{Instant, sleep};

use super::{
    Env,
    contracts::{Lost, Work, Worker},
    steps::{Hear, Tell, channel, command, counts, eventually, inject, pull, text},
};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn telling() -> (Worker, Hear<(u32, Instant)>) {
    let (tell, heard): (Tell<(u32, Instant)>, _) = channel();
    let worker = Worker::new(move |work, _| {
        tell.tell((work.n, Instant::now()));
        Box::pin(async { Ok(()) })
    });
    (worker, heard)
}

/// Until `messages` have been handled or failed; says how many failed.
async fn failures(bus: &Bus, messages: u64) -> u64 {
    for _ in 0..1_000 {
        let counts = bus.counts();
        if counts.handled + counts.failed == messages {
            return counts.failed;
        }
        sleep(SECOND).await;
    }
    panic!("not all were handled: {:?}", bus.counts())
}

fn about(elapsed: Duration, expected: Duration) {
    assert!(elapsed >= expected && elapsed < expected + SECOND, "{elapsed:?} instead of {expected:?}");
}

/// Deferred commands come when they are due, in that order, and say nothing of it to anybody else.
pub async fn deferred_commands(env: &Env) {
    let (worker, mut heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    let started = Instant::now();
    bus.defer(Work { n: 2 }, 30 * SECOND).await.unwrap();
    bus.defer(Work { n: 3 }, 26 * HOUR).await.unwrap();
    bus.send(Work { n: 1 }).delay(SECOND).await.unwrap();
    bus.defer(Work { n: 0 }, Duration::ZERO).await.unwrap();
    for (n, after) in [(0, Duration::ZERO), (1, SECOND), (2, 30 * SECOND), (3, 26 * HOUR)] {
        let (work, at) = heard.within_days().await;
        assert_eq!(work, n);
        about(at - started, after);
    }
}

/// A delay in a transaction counts from when the command was added, as its DeferredTime says.
pub async fn deferred_in_a_transaction(env: &Env) {
    let (worker, mut heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    let started = Instant::now();
    let tx = bus.transaction();
    tx.defer(Work { n: 1 }, 60 * SECOND).await.unwrap();
    tx.defer(Work { n: 0 }, 5 * SECOND).await.unwrap();
    sleep(20 * SECOND).await;
    tx.commit().await.unwrap();
    about(heard.within_days().await.1 - started, 20 * SECOND);
    about(heard.within_days().await.1 - started, 60 * SECOND);
}

/// A command for a queue that is not there is refused when it is deferred, and so is a delay beyond all reach.
pub async fn deferred_to_nowhere(env: &Env) {
    let (worker, _heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    assert!(bus.defer(Lost { n: 1 }, SECOND).await.unwrap_err().kind().is_unroutable());
    let error = bus.defer(Work { n: 1 }, Duration::MAX).await.unwrap_err();
    assert!(
        matches!(error.kind(), SendErrorKind::Broker(PublishErrorKind::DelayTooLong { .. })),
        "{error:?}"
    );
}

/// A command whose DeferredTime lies ahead is parked until then, whoever wrote it and in whichever form, and costs no
/// handler its place.
pub async fn deferred_by_others(env: &Env) {
    let (worker, mut heard) = telling();
    let bus = env.start(env.bus().endpoint(worker).concurrency(1).prefetch(10)).await;
    let wire = env.wire().await;
    let started = Instant::now();
    let due = |after| OffsetDateTime::now_utc() + after;
    let old_form = format_description!("[month]/[day]/[year] [hour]:[minute]:[second]");
    let stamps = [
        (4, due(5 * HOUR).format(&Rfc3339).unwrap()),
        (3, due(600 * SECOND).format(old_form).unwrap()),
        (2, due(30 * SECOND).format(&Rfc3339).unwrap()),
        (1, due(Duration::ZERO).format(&Rfc3339).unwrap()),
    ];
    for (n, stamp) in stamps {
        let mut envelope = command("Work", &format!(r#"{{"n":{n}}}"#));
        envelope.headers.insert("PikaBus.DeferredTime", stamp);
        inject(&*wire, "worker", envelope).await;
    }
    bus.send(Work { n: 0 }).await.unwrap();
    let mut early = [heard.within_days().await.0, heard.within_days().await.0];
    early.sort_unstable();
    assert_eq!(early, [0, 1]);
    for (n, after) in [(2, 30 * SECOND), (3, 600 * SECOND), (4, 5 * HOUR)] {
        let (work, at) = heard.within_days().await;
        assert_eq!(work, n);
        let elapsed = at - started + SECOND; // the old form has no fractions
        assert!(elapsed >= after && elapsed < after + 3 * SECOND, "{n} after {elapsed:?}");
    }
}

/// What waits for its time is with the broker, and needs no process until then.
pub async fn nobody_has_to_wait(env: &Env) {
    let (worker, _heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    let mut envelope = command("Work", r#"{"n":1}"#);
    let due = OffsetDateTime::now_utc() + 60 * SECOND;
    envelope.headers.insert("PikaBus.DeferredTime", due.format(&Rfc3339).unwrap());
    inject(&*env.wire().await, "worker", envelope).await;
    let started = Instant::now();
    eventually("delivery", async || bus.queue_depth("worker").await.unwrap() == 0).await;
    bus.shutdown().await.unwrap();
    about(started.elapsed(), Duration::ZERO);
    let (worker, mut heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    let (n, at) = heard.within_days().await;
    assert_eq!(n, 1);
    about(at - started, 60 * SECOND);
    bus.shutdown().await.unwrap();
}

/// A message that waited longer than a handler may run has not used up the handler's time.
pub async fn having_waited_is_no_failure(env: &Env) {
    let worker = Worker::new(|_, _| {
        Box::pin(async {
            sleep(SECOND).await;
            Ok(())
        })
    });
    let builder = env.bus().endpoint(worker).handler_timeout(10 * SECOND).retry(RetryPolicy::none());
    let bus = env.start(builder).await;
    let mut envelope = command("Work", r#"{"n":1}"#);
    let due = OffsetDateTime::now_utc() + 60 * SECOND;
    envelope.headers.insert("PikaBus.DeferredTime", due.format(&Rfc3339).unwrap());
    inject(&*env.wire().await, "worker", envelope).await;
    assert_eq!(failures(&bus, 1).await, 0);
}

/// The time limit is the handler's own: what waited for its turn has not used it up.
pub async fn waiting_for_a_turn_is_no_failure(env: &Env) {
    let worker = Worker::new(|_, _| {
        Box::pin(async {
            sleep(4 * SECOND).await;
            Ok(())
        })
    });
    let builder = env.bus().endpoint(worker).concurrency(1).prefetch(10).retry(RetryPolicy::none());
    let bus = env.start(builder.handler_timeout(10 * SECOND)).await;
    for n in 0..8 {
        bus.send(Work { n }).await.unwrap();
    }
    assert_eq!(failures(&bus, 8).await, 0);
}

/// Retries wait as the policy says, however long: each within its time, and counted in the message.
pub async fn retries(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        tell.tell((ctx.attempt(), Instant::now()));
        Box::pin(async { Err("no".into()) })
    });
    let policy = RetryPolicy::fixed(2 * HOUR).max_retries(3).immediate(1);
    let bus = env.start(env.bus().endpoint(worker).retry(policy)).await;
    bus.send(Work { n: 1 }).header("shop", "7").await.unwrap();
    let (attempt, mut last) = heard.within_days().await;
    assert_eq!(attempt, 1);
    for (attempt, wait) in [(2, Duration::ZERO), (3, 2 * HOUR), (4, 2 * HOUR)] {
        let (which, at) = heard.within_days().await;
        assert_eq!(which, attempt);
        about(at - last, wait);
        last = at;
    }
    let failed = pull(&bus, "error").await;
    assert_eq!(text(&failed, "shop"), Some("7"));
    assert_eq!(failed.headers().get("PikaBus.ErrorRetries"), Some(&Value::I64(4)));
}

/// What expires while it waits for its time is not handled.
pub async fn expiring_before_their_time(env: &Env) {
    let (worker, mut heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    bus.defer(Work { n: 1 }, 60 * SECOND).expires_in(30 * SECOND).await.unwrap();
    bus.defer(Work { n: 2 }, 60 * SECOND).expires_in(90 * SECOND).await.unwrap();
    assert_eq!(heard.within_days().await.0, 2);
    counts(&bus, "expired", |counts| counts.expired == 1).await;
}
