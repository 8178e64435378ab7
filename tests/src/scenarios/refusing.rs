//! What a bus refuses to send, and how it says so.

use std::{collections::HashMap, time::Duration};

use leveret::{
    Message,
    publish::{SendError, SendErrorKind},
    topology::InvalidName,
    transport::PublishErrorKind,
};
use serde::{Deserialize, Serialize};

use super::{
    Env,
    contracts::{Done, Heard, Lost, Oracle, Work, Worker},
};

/// A contract that JSON cannot write: its keys are no strings.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "worker")]
struct Unwritable {
    map: HashMap<(u8, u8), u8>,
}

fn unroutable(error: &SendError) -> (&str, &str) {
    match error.kind() {
        SendErrorKind::Broker(PublishErrorKind::Unroutable { exchange, routing_key }) => {
            (exchange, routing_key)
        }
        other => panic!("{other:?}"),
    }
}

/// A queue that does not exist, and a topic without subscribers: the error names exchange and key, in words too.
pub async fn what_has_nowhere_to_go(env: &Env) {
    let bus = env.sender().await;
    let error = bus.send(Lost { n: 1 }).await.unwrap_err();
    assert_eq!(unroutable(&error), ("PikaBusDirect", "nowhere"));
    assert!(
        error.to_string().contains("`PikaBusDirect`") && error.to_string().contains("`nowhere`"),
        "{error}"
    );
    let error = bus.publish(Done { n: 1 }).await.unwrap_err();
    assert_eq!(unroutable(&error), ("PikaBusTopic", "things.done"));
    assert!(!error.is_retryable());
    let error = bus.send_raw("elsewhere", "", "").await.unwrap_err();
    assert_eq!(unroutable(&error), ("PikaBusDirect", "elsewhere"));
    let error = bus.publish(Heard { n: 1 }).mandatory(true).await.unwrap_err();
    assert_eq!(unroutable(&error), ("PikaBusTopic", "things.heard"));
}

/// What may be lost is no error.
pub async fn not_what_may_be_lost(env: &Env) {
    let bus = env.sender().await;
    bus.publish(Heard { n: 1 }).await.unwrap();
    bus.publish(Done { n: 1 }).mandatory(false).await.unwrap();
    bus.send(Lost { n: 1 }).mandatory(false).await.unwrap();
}

/// An exchange that does not exist is an error with the broker's reason, and the bus lives on.
pub async fn a_missing_exchange(env: &Env) {
    let bus = env.start(env.bus().endpoint(Oracle::echo())).await;
    let error = bus.publish(Done { n: 1 }).exchange("nowhere").await.unwrap_err();
    let SendErrorKind::Broker(PublishErrorKind::Rejected { code: 404, text }) = error.kind() else {
        panic!("{error:?}")
    };
    assert!(text.contains("nowhere"), "{text}");
    bus.publish(Heard { n: 1 }).await.unwrap();
}

/// Names that AMQP cannot carry are refused before anything is written.
pub async fn names_that_do_not_fit(env: &Env) {
    let bus = env.sender().await;
    let long = "é".repeat(128);
    let too_long = |what| InvalidName::TooLong { what, start: "é".repeat(40), bytes: 256, limit: 255 };
    for (what, sent) in [
        ("queue name", bus.send(Work { n: 1 }).to(&long).await),
        ("queue name", bus.send_raw(&long, "", "").await),
        ("topic", bus.publish_raw(&long, "", "").await),
        ("message type", bus.publish_raw("a", &long, "").await),
        ("exchange name", bus.publish(Done { n: 1 }).exchange(&long).await),
        ("correlation id", bus.send(Work { n: 1 }).correlation_id(long.as_str()).await),
        ("header name", bus.send(Work { n: 1 }).header(&long, 1_i32).await),
    ] {
        assert_eq!(sent.unwrap_err().kind(), &SendErrorKind::InvalidName(too_long(what)), "{what}");
    }
    let empty = bus.send(Work { n: 1 }).to("").await.unwrap_err();
    assert_eq!(empty.kind(), &SendErrorKind::InvalidName(InvalidName::Empty { what: "queue name" }));
}

/// A body over the limit is refused, one of just the limit is not, and the bus lives on.
pub async fn bodies_that_are_too_long(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Ok(()) }));
    let bus = env.start(env.bus().endpoint(worker).max_body(1000)).await;
    bus.pause().await.unwrap();
    let error = bus.send_raw("worker", "Work", vec![b' '; 1001]).await.unwrap_err();
    let expected = PublishErrorKind::TooLarge { what: "body", bytes: 1001, limit: 1000 };
    assert_eq!(error.kind(), &SendErrorKind::Broker(expected));
    bus.send_raw("worker", "Work", vec![b' '; 1000]).await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 1);
}

/// Headers that do not fit one frame are refused, and the bus lives on.
pub async fn headers_that_are_too_long(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Ok(()) }));
    let bus = env.start(env.bus().endpoint(worker)).await;
    let error = bus.send(Work { n: 1 }).header("story", "x".repeat(200_000)).await.unwrap_err();
    assert!(matches!(error.kind(), SendErrorKind::Broker(PublishErrorKind::TooLarge { .. })), "{error:?}");
    bus.send(Work { n: 1 }).header("story", "x".repeat(50_000)).await.unwrap();
}

/// A contract that the codec cannot write is an error at the send, with the codec's reason.
pub async fn what_cannot_be_encoded(env: &Env) {
    let bus = env.sender().await;
    let error = bus.send(Unwritable { map: HashMap::from([((1, 2), 3)]) }).await.unwrap_err();
    assert_eq!(error.kind(), &SendErrorKind::Encoding);
    assert!(format!("{error:?}").contains("key must be a string"), "{error:?}");
}

/// The longest times there are stand for "no limit", and are no reason to panic.
pub async fn no_length_of_time(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Ok(()) }));
    let builder = env.bus().endpoint(worker).handler_timeout(Duration::MAX).shutdown_timeout(Duration::MAX);
    let builder =
        builder.start_timeout(Duration::MAX).publish_timeout(Duration::MAX).request_timeout(Duration::MAX);
    let bus = env.start(builder).await;
    bus.send(Work { n: 1 }).timeout(Duration::MAX).await.unwrap();
    super::steps::counts(&bus, "success", |counts| counts.handled == 1).await;
    env.start(env.bus().endpoint(Oracle::echo())).await;
    bus.request(super::contracts::Ask { n: 1 }).await.unwrap();
    bus.pause().await.unwrap();
}
