//! `Ok` means the broker has it; what it does not have is an error that says why.

use std::{
    collections::BTreeSet,
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use leveret::{
    envelope::{Envelope, Properties},
    headers::{Headers, Value},
    topology::{ExchangeKind, MAX_NAME},
    transport::PublishErrorKind,
};
use tokio::task::JoinSet;

use super::{
    Harness,
    steps::{bound, drain, fill, next, numbers, plain_queue, publish, queue, take, text, to, within},
};

/// A mandatory message that no binding takes is an error that names exchange and key.
pub async fn unroutable_names_exchange_and_key(h: &Harness) {
    let (transport, exchange, queue) = (h.connect().await, h.name("exchange"), h.name("queue"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "orders.*")]).await;
    let error = publish(&*transport, &exchange, "orders", "lost").await.unwrap_err();
    let expected =
        PublishErrorKind::Unroutable { exchange: exchange.clone(), routing_key: "orders".to_owned() };
    assert_eq!(error.kind(), &expected);
    publish(&*transport, &exchange, "orders.placed", "found").await.unwrap();
    assert_eq!(drain(&*transport, &queue).await, ["found"]);
}

/// The default exchange reaches queues by their names, and nothing else.
pub async fn no_queue_of_that_name(h: &Harness) {
    let (transport, missing) = (h.connect().await, h.name("missing"));
    let error = publish(&*transport, "", &missing, "lost").await.unwrap_err();
    let expected = PublishErrorKind::Unroutable { exchange: String::new(), routing_key: missing };
    assert_eq!(error.kind(), &expected);
}

/// A message that may be lost is confirmed although nobody gets it.
pub async fn not_mandatory_to_nowhere(h: &Harness) {
    let (transport, exchange) = (h.connect().await, h.name("exchange"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[]).await;
    for exchange in ["", exchange.as_str()] {
        let mut outgoing = to(exchange, "nobody", text("lost"));
        outgoing.mandatory = false;
        transport.publisher().publish(outgoing).await.unwrap();
    }
}

/// A message to an exchange that does not exist fails with the broker's reason; those around it arrive.
pub async fn a_missing_exchange_is_rejected_alone(h: &Harness) {
    let (transport, queue, missing) = (h.connect().await, h.name("queue"), h.name("missing"));
    plain_queue(&*transport, &queue).await;
    let mut good = JoinSet::new();
    for body in numbers(20) {
        let (publisher, outgoing) = (transport.publisher(), to("", &queue, text(body)));
        good.spawn(async move { publisher.publish(outgoing).await });
    }
    let error = publish(&*transport, &missing, "key", "lost").await.unwrap_err();
    assert!(matches!(error.kind(), PublishErrorKind::Rejected { code: 404, .. }), "{error:?}");
    while let Some(published) = within("confirm", good.join_next()).await {
        published.unwrap().unwrap();
    }
    // A set, since a message of a lost channel may be sent twice.
    let arrived: BTreeSet<_> = drain(&*transport, &queue).await.into_iter().collect();
    assert_eq!(arrived, numbers(20).into_iter().collect());
}

/// What is confirmed is in the queue, for others too.
pub async fn confirmed_is_in_the_queue(h: &Harness) {
    let (sender, receiver, queue) = (h.connect().await, h.connect().await, h.name("queue"));
    plain_queue(&*sender, &queue).await;
    fill(&*sender, &queue, numbers(10)).await;
    assert_eq!(receiver.queue_depth(&queue).await.unwrap(), 10);
    assert_eq!(drain(&*receiver, &queue).await, numbers(10));
}

/// Many tasks publish through one publisher at once, and each message arrives once.
pub async fn many_at_a_time(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let publisher = transport.publisher();
    let mut publishing = JoinSet::new();
    for body in numbers(1000) {
        let (publisher, outgoing) = (publisher.clone(), to("", &queue, text(body)));
        publishing.spawn(async move { publisher.publish(outgoing).await });
    }
    let mut consumer = transport.consume(&queue, 100).await.unwrap();
    let mut arrived = Vec::new();
    while arrived.len() < 1000 {
        arrived.push(take(&mut consumer).await.parse::<usize>().unwrap());
    }
    while let Some(published) = within("confirm", publishing.join_next()).await {
        published.unwrap().unwrap();
    }
    arrived.sort_unstable();
    assert!(arrived.into_iter().eq(0..1000));
}

/// Messages that wait for their confirms together keep the order in which their futures were first polled.
pub async fn in_the_order_of_first_polls(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let publisher = transport.publisher();
    let publishing = numbers(200).into_iter().map(|body| publisher.publish(to("", &queue, text(body))));
    within("confirm", all_in_order(publishing.collect())).await;
    assert_eq!(drain(&*transport, &queue).await, numbers(200));
}

type Publishing<'a, E> = Pin<Box<dyn Future<Output = Result<(), E>> + Send + 'a>>;

/// Polls all from the first to the last until none is pending.
async fn all_in_order<E: std::fmt::Debug>(mut publishing: Vec<Publishing<'_, E>>) {
    poll_fn(|cx| {
        publishing.retain_mut(|publishing| match publishing.as_mut().poll(cx) {
            Poll::Ready(published) => {
                published.unwrap();
                false
            }
            Poll::Pending => true,
        });
        if publishing.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// A body over the limit is refused before it is sent, and the transport lives on.
pub async fn a_body_that_is_too_large(h: &Harness) {
    const LIMIT: usize = 16 * 1024 * 1024;
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let envelope = Envelope::new(Properties::default(), Headers::new(), vec![0; LIMIT + 1]);
    let error = transport.publisher().publish(to("", &queue, envelope)).await.unwrap_err();
    let expected = PublishErrorKind::TooLarge { what: "body", bytes: LIMIT + 1, limit: LIMIT };
    assert_eq!(error.kind(), &expected);
    fill(&*transport, &queue, ["after"]).await;
    assert_eq!(drain(&*transport, &queue).await, ["after"]);
}

/// Names and texts over 255 bytes are refused before they are sent, and the transport lives on.
pub async fn names_that_are_too_long(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let long = "é".repeat(128);
    let message_id = |id: &str| {
        let mut properties = Properties::default();
        properties.message_id = Some(id.into());
        Envelope::new(properties, Headers::new(), "")
    };
    let header = |name: &str| {
        let inner = Value::Table(Headers::from_iter([(name, 1_i32)]));
        Envelope::new(Properties::default(), Headers::from_iter([("table", inner)]), "")
    };
    let cases = [
        ("routing key", to("", &long, text(""))),
        ("exchange name", to(&long, &queue, text(""))),
        ("message id", to("", &queue, message_id(&long))),
        ("header name", to("", &queue, header(&long))),
    ];
    for (what, outgoing) in cases {
        let error = transport.publisher().publish(outgoing).await.unwrap_err();
        assert_eq!(error.kind(), &PublishErrorKind::TooLarge { what, bytes: 256, limit: MAX_NAME });
    }
    let longest = "x".repeat(MAX_NAME);
    for envelope in [message_id(&longest), header(&longest)] {
        transport.publisher().publish(to("", &queue, envelope)).await.unwrap();
    }
    assert_eq!(drain(&*transport, &queue).await.len(), 2);
}

/// A full queue that may not drop what it has refuses what comes; with room again it takes it.
pub async fn a_full_queue_refuses(h: &Harness) {
    let (transport, name) = (h.connect().await, h.name("full"));
    let arguments = [("x-max-length", Value::I32(1)), ("x-overflow", "reject-publish".into())];
    queue(&*transport, &name, arguments).await;
    fill(&*transport, &name, ["1"]).await;
    let error = publish(&*transport, "", &name, "2").await.unwrap_err();
    assert_eq!(error.kind(), &PublishErrorKind::Refused);
    let mut consumer = transport.consume(&name, 1).await.unwrap();
    assert_eq!(take(&mut consumer).await, "1");
    fill(&*transport, &name, ["3"]).await;
    assert_eq!(super::steps::body(&next(&mut consumer).await.0), "3");
}
