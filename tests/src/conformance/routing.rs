//! Which queues get a message.

use leveret::{
    headers::{Headers, Value},
    topology::{Binding, ExchangeKind},
    transport::{PublishErrorKind, Transport},
};

use super::{
    Harness,
    steps::{bound, drain, is_not_found, plain_queue, publish},
};

/// Binds one queue for each pattern, publishes each key, and compares what each queue got.
async fn routes(h: &Harness, kind: ExchangeKind, patterns: &[&str], expected: &[(&str, &[&str])]) {
    let (transport, exchange) = (h.connect().await, h.name("exchange"));
    let queues: Vec<_> = patterns.iter().map(|_| h.name("queue")).collect();
    let bindings: Vec<_> = queues.iter().map(String::as_str).zip(patterns.iter().copied()).collect();
    bound(&*transport, &exchange, kind, &bindings).await;
    for (key, takers) in expected {
        let published = publish(&*transport, &exchange, key, key).await;
        assert_eq!(published.is_ok(), !takers.is_empty(), "{key:?}: {published:?}");
    }
    for (queue, pattern) in bindings {
        let keys = expected.iter().filter(|(_, takers)| takers.contains(&pattern)).map(|(key, _)| *key);
        assert_eq!(drain(&*transport, queue).await, keys.collect::<Vec<_>>(), "the queue of {pattern:?}");
    }
}

/// `*` is one word, `#` none or more, and a word is matched as a whole.
pub async fn topic_patterns(h: &Harness) {
    routes(
        h,
        ExchangeKind::Topic,
        &["orders.placed", "orders.*", "orders.#", "#.placed", "*.#.late", "#"],
        &[
            ("orders.placed", &["orders.placed", "orders.*", "orders.#", "#.placed", "#"]),
            ("orders", &["orders.#", "#"]),
            ("placed", &["#.placed", "#"]),
            ("orders.placed.very.late", &["orders.#", "*.#.late", "#"]),
            ("late", &["#"]),
            ("ordersplaced", &["#"]),
            ("Orders.placed", &["#.placed", "#"]),
        ],
    )
    .await;
}

/// An empty key has no words; a dot has one on either side, though nothing is in it.
pub async fn topic_patterns_with_empty_words(h: &Harness) {
    routes(
        h,
        ExchangeKind::Topic,
        &["*", "#", "*.*", "a.*", ".a", ""],
        &[
            ("", &["#", ""]),
            (".", &["#", "*.*"]),
            ("a.", &["#", "*.*", "a.*"]),
            (".a", &["#", "*.*", ".a"]),
            ("a", &["*", "#"]),
            ("a..b", &["#"]),
        ],
    )
    .await;
}

/// In a direct exchange a key is no pattern.
pub async fn direct_keys_are_exact(h: &Harness) {
    let expected: [(&str, &[&str]); 5] =
        [("billing", &["billing"]), ("#", &["#"]), ("a.*", &["a.*"]), ("a.b", &[]), ("Billing", &[])];
    routes(h, ExchangeKind::Direct, &["billing", "#", "a.*"], &expected).await;
}

/// A fanout exchange looks at no key.
pub async fn fanout_reaches_all(h: &Harness) {
    let all: &[&str] = &["", "a", "#"];
    routes(h, ExchangeKind::Fanout, all, &[("", all), ("whatever", all)]).await;
}

/// A queue gets one copy, however many of its bindings match.
pub async fn one_copy_however_many_bindings(h: &Harness) {
    let (transport, exchange, queue) = (h.connect().await, h.name("exchange"), h.name("queue"));
    let bindings = [(queue.as_str(), "a.b"), (&queue, "a.*"), (&queue, "#")];
    bound(&*transport, &exchange, ExchangeKind::Topic, &bindings).await;
    publish(&*transport, &exchange, "a.b", "1").await.unwrap();
    assert_eq!(drain(&*transport, &queue).await, ["1"]);
}

/// The same binding made twice is one: it brings one copy, and is gone when it is removed once.
pub async fn bound_twice_is_bound_once(h: &Harness) {
    let (transport, exchange, queue) = (h.connect().await, h.name("exchange"), h.name("queue"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "a")]).await;
    let binding = Binding::new(&exchange, &queue, "a");
    transport.bind(&binding).await.unwrap();
    publish(&*transport, &exchange, "a", "1").await.unwrap();
    assert_eq!(drain(&*transport, &queue).await, ["1"]);
    transport.unbind(&binding).await.unwrap();
    assert_unroutable(&*transport, &exchange, "a").await;
}

/// A removed binding routes no more, and removing what is not there is no error.
pub async fn unbound_gets_no_more(h: &Harness) {
    let (transport, exchange, queue) = (h.connect().await, h.name("exchange"), h.name("queue"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "a.*"), (&queue, "b")]).await;
    transport.unbind(&Binding::new(&exchange, &queue, "a.*")).await.unwrap();
    transport.unbind(&Binding::new(&exchange, &queue, "a.*")).await.unwrap();
    transport.unbind(&Binding::new(&exchange, h.name("missing"), "a.*")).await.unwrap();
    transport.unbind(&Binding::new(h.name("missing"), &queue, "a.*")).await.unwrap();
    assert_unroutable(&*transport, &exchange, "a.b").await;
    publish(&*transport, &exchange, "b", "still bound").await.unwrap();
    assert_eq!(drain(&*transport, &queue).await, ["still bound"]);
}

/// Bindings that differ in their arguments only are two, and bring one copy.
pub async fn arguments_tell_bindings_apart(h: &Harness) {
    let (transport, exchange, queue) = (h.connect().await, h.name("exchange"), h.name("queue"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "a")]).await;
    let mut other = Binding::new(&exchange, &queue, "a");
    other.arguments = Headers::from_iter([("version", Value::I32(2))]);
    transport.bind(&other).await.unwrap();
    publish(&*transport, &exchange, "a", "1").await.unwrap();
    transport.unbind(&Binding::new(&exchange, &queue, "a")).await.unwrap();
    publish(&*transport, &exchange, "a", "2").await.unwrap();
    assert_eq!(drain(&*transport, &queue).await, ["1", "2"]);
    transport.unbind(&other).await.unwrap();
    assert_unroutable(&*transport, &exchange, "a").await;
}

/// Binding a queue or an exchange that does not exist says so, and the transport lives on.
pub async fn what_is_missing_cannot_be_bound(h: &Harness) {
    let (transport, exchange, queue) = (h.connect().await, h.name("exchange"), h.name("queue"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[]).await;
    plain_queue(&*transport, &queue).await;
    for binding in
        [Binding::new(&exchange, h.name("missing"), "a"), Binding::new(h.name("missing"), &queue, "a")]
    {
        let error = transport.bind(&binding).await.unwrap_err();
        assert!(is_not_found(error.kind()), "{error:?}");
    }
    transport.bind(&Binding::new(&exchange, &queue, "a")).await.unwrap();
    publish(&*transport, &exchange, "a", "1").await.unwrap();
}

async fn assert_unroutable(transport: &dyn Transport, exchange: &str, key: &str) {
    let error = publish(transport, exchange, key, "lost").await.unwrap_err();
    assert!(matches!(error.kind(), PublishErrorKind::Unroutable { .. }), "{error:?}");
}
