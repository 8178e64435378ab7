//! Who decides what becomes of a failure: rules, an error handler, and who watches.

use std::{io, num::ParseIntError, time::Duration};

use leveret::{
    HandlerError, HandlerResultExt, RetryPolicy,
    headers::Value,
    retry::{Failed, Verdict},
};

use super::{
    Env,
    contracts::{Work, Worker, at_once},
    steps::{channel, command, counts, inject, integer, pull, text},
};

const AT_ONCE: Verdict = Verdict::Retry(Duration::ZERO);

/// Errors of some types, or with some cause, are treated in their own way.
pub async fn by_rules(env: &Env) {
    let worker = Worker::new(|work, _| {
        Box::pin(async move {
            match work.n {
                0 => Err(io::Error::other("the disk is full"))?,
                1 => {
                    "x".parse::<u32>()?;
                }
                2 => Err("a duplicate")?,
                _ => Err("anything else")?,
            }
            Ok(())
        })
    });
    let policy = at_once(1)
        .on::<ParseIntError>(Verdict::MoveToError)
        .on::<io::Error>(at_once(3))
        .when(|failure| failure.to_string().contains("duplicate"), Verdict::Discard);
    let bus = env.start(env.bus().endpoint(worker).retry(policy)).await;
    for (n, failures) in [(0, 4), (1, 1), (3, 2)] {
        bus.send(Work { n }).await.unwrap();
        assert_eq!(integer(&pull(&bus, "error").await, "PikaBus.ErrorRetries"), Some(failures), "{n}");
    }
    bus.send(Work { n: 2 }).await.unwrap();
    counts(&bus, "discarded", |counts| counts.discarded == 1).await;
    assert_eq!(bus.counts().retried, 4);
}

/// An error handler sees the failure, the message and what the policy would do, and its word counts.
pub async fn by_an_error_handler(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(|_, _| Box::pin(async { Err("no".into()) }));
    let handler = move |failed: &Failed<'_>| {
        let message_type = failed.facts().message_type().map(|name| name.into_owned());
        tell.tell((failed.attempt(), failed.handler(), message_type, failed.verdict()));
        let shop = failed.headers().get("shop").and_then(Value::as_integer);
        match failed.attempt() {
            3 => Verdict::Discard,
            _ if shop == Some(7) => AT_ONCE,
            _ => Verdict::MoveToError,
        }
    };
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1)).error_handler(handler)).await;
    bus.send(Work { n: 1 }).header("shop", 7_i32).await.unwrap();
    let work = || Some("Work".to_owned());
    assert_eq!(
        heard.take(3).await,
        [
            (1, Some("work"), work(), AT_ONCE),
            (2, Some("work"), work(), Verdict::MoveToError),
            (3, Some("work"), work(), Verdict::MoveToError)
        ]
    );
    counts(&bus, "discarded", |counts| counts.discarded == 1).await;
    bus.send(Work { n: 2 }).await.unwrap();
    assert_eq!(integer(&pull(&bus, "error").await, "PikaBus.ErrorRetries"), Some(1));
}

/// An error handler, a rule and a watcher that panic lose no message, and the bus goes on.
pub async fn whatever_panics(env: &Env) {
    let worker =
        Worker::new(|work, _| Box::pin(async move { if work.n == 0 { Err("no".into()) } else { Ok(()) } }));
    let builder = env
        .bus()
        .endpoint(worker)
        .retry(at_once(2).when(|_| panic!("in the rule"), Verdict::Discard))
        .error_handler(|_: &Failed<'_>| panic!("in the error handler"))
        .on_failure(|_| panic!("in the watcher"));
    let bus = env.start(builder).await;
    bus.send(Work { n: 0 }).await.unwrap();
    let failed = pull(&bus, "error").await;
    assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(3));
    assert_eq!(text(&failed, "PikaBus.ErrorDetails"), Some("no"));
    bus.send(Work { n: 1 }).await.unwrap();
    counts(&bus, "success", |counts| counts.handled == 1).await;
}

/// Each failure is told with what was decided, also of messages that no handler is run for.
pub async fn watched(env: &Env) {
    let (tell, mut heard) = channel();
    let also = tell.clone();
    let worker = Worker::new(|_, _| Box::pin(async { Err("no".into()) }));
    let builder = env
        .bus()
        .endpoint(worker)
        .retry(at_once(1))
        .on_failure(move |failed| {
            tell.tell((failed.attempt(), failed.handler(), failed.verdict(), failed.failure().to_string()));
        })
        .on_failure(move |failed| also.tell((failed.attempt(), None, AT_ONCE, "too".to_owned())));
    let bus = env.start(builder).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let too = |attempt| (attempt, None, AT_ONCE, "too".to_owned());
    assert_eq!(
        heard.take(4).await,
        [
            (1, Some("work"), AT_ONCE, "no".to_owned()),
            too(1),
            (2, Some("work"), Verdict::MoveToError, "no".to_owned()),
            too(2)
        ]
    );
    let mut malformed = command("Work", r#"{"n":1}"#);
    malformed.headers.insert("PikaBus.ErrorRetries", "many");
    inject(&*env.wire().await, "worker", malformed).await;
    let (attempt, handler, verdict, error) = heard.next().await;
    assert_eq!((attempt, handler, verdict), (1, None, Verdict::MoveToError));
    assert!(error.contains("PikaBus.ErrorRetries"), "{error}");
}

/// A wait that nothing can carry out is cut to the longest there is: the message waits, and others are handled.
pub async fn waits_beyond_reason(env: &Env) {
    let worker = Worker::new(|work, _| {
        Box::pin(async move {
            match work.n {
                0 => Err(HandlerError::from("never")).retry_after(Duration::MAX),
                1 => Err("by the error handler".into()),
                _ => Ok(()),
            }
        })
    });
    let handler = |failed: &Failed<'_>| match failed.verdict() {
        Verdict::MoveToError => Verdict::Retry(Duration::MAX),
        other => other,
    };
    let retry = RetryPolicy::fixed(Duration::ZERO).max_retries(1).on::<io::Error>(Verdict::Discard);
    let retry = retry.when(|failure| failure.to_string().contains("handler"), Verdict::MoveToError);
    let bus = env.start(env.bus().endpoint(worker).retry(retry).error_handler(handler)).await;
    for n in [0, 1, 2] {
        bus.send(Work { n }).await.unwrap();
    }
    counts(&bus, "all three", |counts| (counts.failed, counts.handled) == (2, 1)).await;
    counts(&bus, "both wait", |counts| counts.retried == 2).await;
    assert_eq!((bus.counts().moved_to_error, bus.counts().discarded), (0, 0));
}
