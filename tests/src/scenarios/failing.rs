//! Messages that cannot be handled at all: where they go, and with which reason.

use leveret::{QueueOptions, RetryPolicy, headers::Value, publish::SendErrorKind};

use super::{
    Env,
    contracts::{Listener, Lost, Work, Worker, at_once},
    steps::{bare, channel, command, counts, inject, integer, pull, text},
};

fn idle() -> Worker {
    Worker::new(|_, _| Box::pin(async { Ok(()) }))
}

/// A body that its contract cannot read fails for good, and says where it went wrong.
pub async fn undecodable_bodies(env: &Env) {
    let bus = env.start(env.bus().endpoint(idle()).retry(at_once(5))).await;
    let wire = env.wire().await;
    for (body, reason) in [
        ("{", "EOF"),
        ("", "EOF"),
        (r#"{"m":1}"#, "missing field"),
        (r#"{"n":1} 2"#, "trailing"),
        (r#"{"n":-1}"#, "-1"),
    ] {
        inject(&*wire, "worker", command("Work", body)).await;
        let failed = pull(&bus, "error").await;
        let details = text(&failed, "PikaBus.ErrorDetails").unwrap();
        assert!(details.contains("cannot be decoded") && details.contains(reason), "{body}: {details}");
        assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(1), "{body}");
        assert_eq!(failed.body(), body.as_bytes());
    }
    assert_eq!((bus.counts().retried, bus.counts().handled), (0, 0));
}

/// Headers that decide about a message must be understood: it goes to the error queue unhandled, and the reason names
/// the header.
pub async fn malformed_headers(env: &Env) {
    let bus = env.start(env.bus().endpoint(idle()).retry(at_once(5))).await;
    let wire = env.wire().await;
    for (header, value) in [
        ("PikaBus.DeferredTime", Value::from("tomorrow")),
        ("PikaBus.DeferredTime", Value::I32(5)),
        ("PikaBus.ExpiresAt", Value::from("")),
        ("PikaBus.ErrorRetries", Value::from("many")),
        ("PikaBus.ErrorRetries", Value::I64(-1)),
        ("PikaBus.ErrorRetries", Value::I64(1 << 40)),
        ("PikaBus.ErrorRetries", Value::Array(vec![])),
        ("PikaBus.Redeliveries", Value::from("often")),
        ("PikaBus.Redeliveries", Value::I64(-1)),
    ] {
        let mut envelope = command("Work", r#"{"n":1}"#);
        envelope.headers.insert(header, value.clone());
        inject(&*wire, "worker", envelope).await;
        let failed = pull(&bus, "error").await;
        let details = text(&failed, "PikaBus.ErrorDetails").unwrap();
        assert!(details.contains(header), "{header} {value:?}: {details}");
        assert_eq!(text(&failed, "PikaBus.SourceQueue"), Some("worker"));
    }
    counts(&bus, "confirm of the last", |counts| counts.moved_to_error == 9).await;
    assert_eq!((bus.counts().handled, bus.counts().retried), (0, 0));
}

/// A command that nobody knows takes the retries first: a newer instance may know it.
pub async fn unknown_commands(env: &Env) {
    let bus = env.start(env.bus().endpoint(idle()).retry(at_once(2))).await;
    let wire = env.wire().await;
    for envelope in [command("Unheard.Of", "{}"), bare([], "{}")] {
        inject(&*wire, "worker", envelope).await;
        let failed = pull(&bus, "error").await;
        assert!(text(&failed, "PikaBus.ErrorDetails").unwrap().contains("no handler"));
        assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(3));
    }
    assert_eq!(bus.counts().retried, 4);
}

/// A type that is an event here and came as a command, or the reverse: who sent it means something else.
pub async fn wrong_intents(env: &Env) {
    let listener = Listener::new(|_, _| Box::pin(async { Ok(()) }));
    let worker = env.start(env.bus().endpoint(idle()).retry(at_once(5))).await;
    let listener = env.start(env.bus().endpoint(listener).retry(at_once(5))).await;
    let wire = env.wire().await;
    for (queue, message, intent) in [("worker", "Work", "event"), ("listener", "Done", "command")] {
        let mut envelope = command(message, r#"{"n":1}"#);
        envelope.headers.insert("PikaBus.Intent", intent);
        inject(&*wire, queue, envelope).await;
        let failed = pull(&worker, "error").await;
        let details = text(&failed, "PikaBus.ErrorDetails").unwrap();
        assert!(details.contains(message) && details.contains(intent), "{details}");
        assert_eq!(text(&failed, "PikaBus.SourceQueue"), Some(queue));
        assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(1));
    }
    for bus in [worker, listener] {
        counts(&bus, "confirm", |counts| counts.moved_to_error == 1).await;
        assert_eq!((bus.counts().handled, bus.counts().retried), (0, 0));
    }
}

/// A message of a handler that has nowhere to go fails it for good: running it again would charge the card again.
pub async fn unroutable_at_commit(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        let tell = tell.clone();
        Box::pin(async move {
            tell.tell(ctx.attempt());
            ctx.send(Lost { n: 1 }).await?;
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(5))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let failed = pull(&bus, "error").await;
    assert_eq!(heard.rest(), [1]);
    let details = text(&failed, "PikaBus.ErrorDetails").unwrap();
    for word in ["Lost", "`PikaBusDirect`", "`nowhere`"] {
        assert!(details.contains(word), "{word}: {details}");
    }
}

/// A request that cannot be sent is an error in the handler, which may do something about it.
pub async fn an_unroutable_request_can_be_mended(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        let tell = tell.clone();
        Box::pin(async move {
            let error = ctx.request(Lost { n: 1 }).await.unwrap_err();
            tell.tell(matches!(
                error.kind(),
                leveret::request::RequestErrorKind::Send(kind) if SendErrorKind::is_unroutable(kind)
            ));
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert!(heard.next().await);
    counts(&bus, "success", |counts| counts.handled == 1).await;
}

/// A failed message keeps what identifies it, and loses what would make it vanish from the error queue.
pub async fn nothing_vanishes_from_the_error_queue(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Err("no".into()) }));
    let bus = env.start(env.bus().endpoint(worker).retry(RetryPolicy::none())).await;
    let mut envelope = command("Work", r#"{"n":1}"#);
    envelope.properties.expiration = Some("600000".into());
    envelope.properties.app_id = Some("shop".into());
    envelope.properties.message_id = Some("id".into());
    envelope.headers.insert("x-mine", 1_i32);
    inject(&*env.wire().await, "worker", envelope).await;
    let failed = pull(&bus, "error").await;
    let properties = &failed.received().envelope.properties;
    assert_eq!(properties.expiration, None);
    assert!(properties.persistent);
    assert_eq!((properties.app_id.as_deref(), properties.message_id.as_deref()), (Some("shop"), Some("id")));
    assert_eq!(failed.headers().get("x-mine"), Some(&Value::I32(1)));
}

/// A story too long for one frame is told in part.
pub async fn very_long_reasons(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Err("é".repeat(1_000_000).into()) }));
    let bus = env.start(env.bus().endpoint(worker).retry(RetryPolicy::none())).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let details = text(&pull(&bus, "error").await, "PikaBus.ErrorDetails").unwrap().len();
    assert!((1_000..20_000).contains(&details), "{details}");
}

/// An error that cannot be told, and one that never ends: the message gets to the error queue all the same.
pub async fn errors_that_cannot_be_told(env: &Env) {
    #[derive(Debug)]
    struct Untold(bool);
    impl std::fmt::Display for Untold {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            assert!(self.0, "in the error itself");
            f.write_str("it goes round in a circle")
        }
    }
    impl std::error::Error for Untold {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(self)
        }
    }
    let worker = Worker::new(|work, _| Box::pin(async move { Ok(Err(Untold(work.n == 1))?) }));
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1))).await;
    for (n, told) in [(0, "panicked"), (1, "circle\ncaused by: it goes")] {
        bus.send(Work { n }).await.unwrap();
        let failed = pull(&bus, "error").await;
        let details = text(&failed, "PikaBus.ErrorDetails").unwrap();
        assert!(details.contains(told) && details.len() < 20_000, "{details}");
        assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(2));
    }
}

/// The error queue may have another name, and the endpoint's queue dead-letters there too.
pub async fn another_error_queue(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Err("no".into()) }));
    let builder = env.bus().endpoint(worker).retry(RetryPolicy::none()).error_queue_name("failed");
    let bus = env.start(builder).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert_eq!(text(&pull(&bus, "failed").await, "PikaBus.ErrorDetails"), Some("no"));
    bus.pause().await.unwrap();
    bus.send(Work { n: 2 }).await.unwrap();
    bus.get("worker").await.unwrap().unwrap().reject();
    assert_eq!(pull(&bus, "failed").await.json::<Work>().unwrap(), Work { n: 2 });
}

/// An error queue that somebody deleted is declared again: nothing is lost.
pub async fn a_deleted_error_queue(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Err("no".into()) }));
    let bus = env.start(env.bus().endpoint(worker).retry(RetryPolicy::none())).await;
    env.wire().await.delete_queue("error").await.unwrap();
    bus.send(Work { n: 1 }).await.unwrap();
    counts(&bus, "move", |counts| counts.moved_to_error == 1).await;
    assert_eq!(pull(&bus, "error").await.json::<Work>().unwrap(), Work { n: 1 });
}

/// An error queue that is full refuses what comes: the message stays where it is, others are handled, and it moves when
/// there is room.
pub async fn a_full_error_queue(env: &Env) {
    let worker =
        Worker::new(|work, _| Box::pin(async move { if work.n < 10 { Err("no".into()) } else { Ok(()) } }));
    let full = QueueOptions::plain().argument("x-max-length", 1_i32).argument("x-overflow", "reject-publish");
    let bus = env.start(env.bus().endpoint(worker).retry(RetryPolicy::none()).error_queue(full)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    counts(&bus, "move", |counts| counts.moved_to_error == 1).await;
    bus.send(Work { n: 2 }).await.unwrap();
    counts(&bus, "second failure", |counts| counts.failed == 2).await;
    bus.send(Work { n: 10 }).await.unwrap();
    counts(&bus, "success of another", |counts| counts.handled == 1).await;
    assert_eq!(bus.counts().moved_to_error, 1);
    for n in [1, 2] {
        assert_eq!(pull(&bus, "error").await.json::<Work>().unwrap(), Work { n });
    }
    counts(&bus, "second move", |counts| counts.moved_to_error == 2).await;
    bus.pause().await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
    assert_eq!(bus.counts().failed, 2, "nothing was handled twice");
}
