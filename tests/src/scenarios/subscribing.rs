//! Subscriptions at run time.

use leveret::{
    AnyMessage, Bus, HandlerError,
    bus::{BusError, BusErrorKind},
    handler,
    publish::SendError,
};

use super::{
    Env,
    contracts::{Done, Heard, Listener, Worker},
    steps::{Tell, channel},
};

struct Everything(Tell<String>);

#[handler(endpoint = "everything")]
impl Everything {
    #[handler(topic = "things.done")]
    async fn done(&self, message: AnyMessage) -> Result<(), HandlerError> {
        self.0.tell(message.topic());
        Ok(())
    }

    #[handler]
    async fn rest(&self, message: AnyMessage) -> Result<(), HandlerError> {
        self.0.tell(message.topic());
        Ok(())
    }
}

fn is_unroutable(sent: Result<(), SendError>) -> bool {
    sent.unwrap_err().kind().is_unroutable()
}

async fn listener(env: &Env) -> (Bus, super::steps::Hear<u32>) {
    let (tell, heard) = channel();
    let listener = Listener::new(move |n, _| {
        tell.tell(n);
        Box::pin(async { Ok(()) })
    });
    (env.start(env.bus().endpoint(listener)).await, heard)
}

/// A handler subscribes by itself; at run time the subscription can be ended and made again. Twice is no error.
pub async fn by_contract(env: &Env) {
    let (bus, mut heard) = listener(env).await;
    bus.publish(Done { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 1);
    for _ in 0..2 {
        bus.unsubscribe::<Done>().await.unwrap();
        assert!(is_unroutable(bus.publish(Done { n: 2 }).await));
    }
    for _ in 0..2 {
        bus.subscribe::<Done>().await.unwrap();
    }
    bus.publish(Done { n: 3 }).await.unwrap();
    assert_eq!(heard.next().await, 3);
}

/// The pattern of the handler is what is ended, not the event's own topic.
pub async fn by_the_pattern_of_the_handler(env: &Env) {
    let (bus, mut heard) = listener(env).await;
    bus.publish_raw("others.heard", "Heard", r#"{"n":1}"#).await.unwrap();
    assert_eq!(heard.next().await, 1);
    bus.unsubscribe::<Heard>().await.unwrap();
    for topic in ["others.heard", "things.heard"] {
        assert!(is_unroutable(bus.publish_raw(topic, "Heard", r#"{"n":2}"#).await));
    }
    bus.subscribe::<Heard>().await.unwrap();
    bus.publish(Heard { n: 3 }).await.unwrap();
    assert_eq!(heard.next().await, 3);
}

/// A pattern can be subscribed to where a handler can take what comes.
pub async fn by_pattern(env: &Env) {
    let (bus, mut heard) = listener(env).await;
    bus.unsubscribe::<Done>().await.unwrap();
    bus.subscribe_pattern("*.done").await.unwrap();
    bus.publish(Done { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 1);
    bus.unsubscribe_pattern("*.done").await.unwrap();
    assert!(is_unroutable(bus.publish(Done { n: 2 }).await));
}

/// Arguments tell two subscriptions to one pattern apart: what is ended is the one with the same arguments.
pub async fn with_arguments(env: &Env) {
    let (bus, mut heard) = listener(env).await;
    bus.unsubscribe::<Done>().await.unwrap();
    bus.subscribe_pattern("things.done").argument("shop", 7_i32).await.unwrap();
    bus.unsubscribe_pattern("things.done").await.unwrap();
    bus.publish(Done { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 1);
    bus.unsubscribe_pattern("things.done").argument("shop", 7_i32).await.unwrap();
    assert!(is_unroutable(bus.publish(Done { n: 2 }).await));
}

fn no_handler(outcome: Result<(), BusError>) -> String {
    match outcome.unwrap_err().kind() {
        BusErrorKind::NoHandler { subscription } => subscription.clone(),
        other => panic!("{other:?}"),
    }
}

/// What no handler would take is not subscribed to, and the error names it.
pub async fn without_a_handler(env: &Env) {
    let bus = env.start(env.bus().endpoint(Worker::new(|_, _| Box::pin(async { Ok(()) })))).await;
    assert_eq!(no_handler(bus.subscribe::<Done>().await), "`Done`");
    assert_eq!(no_handler(bus.subscribe_pattern("things.*").await), "the pattern `things.*`");
    bus.unsubscribe::<Done>().await.unwrap();
    let (bus, _) = listener(env).await;
    assert_eq!(no_handler(bus.subscribe_pattern("orders.#").await), "the pattern `orders.#`");
}

/// A bus without an endpoint has no queue to subscribe; a name that does not fit is refused.
pub async fn without_an_endpoint(env: &Env) {
    let sender = env.sender().await;
    let error = sender.subscribe::<Done>().await.unwrap_err();
    assert_eq!(error.kind(), &BusErrorKind::NoEndpoint { action: "subscribe" });
    let error = sender.unsubscribe_pattern("a").await.unwrap_err();
    assert_eq!(error.kind(), &BusErrorKind::NoEndpoint { action: "unsubscribe" });
    let (bus, _) = listener(env).await;
    for pattern in ["", &"x".repeat(256)] {
        let error = bus.subscribe_pattern(pattern).await.unwrap_err();
        assert!(matches!(error.kind(), BusErrorKind::InvalidName(_)), "{error:?}");
    }
}

/// Handlers of everything take any subscription; what two handlers share stays as long as one wants it.
pub async fn handlers_of_everything(env: &Env) {
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(Everything(tell))).await;
    bus.subscribe::<Heard>().await.unwrap();
    bus.publish(Heard { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, "things.heard");
    bus.unsubscribe::<Heard>().await.unwrap();
    bus.publish(Heard { n: 2 }).mandatory(false).await.unwrap();
    assert!(is_unroutable(bus.publish(Heard { n: 2 }).mandatory(true).await));
    bus.unsubscribe::<Done>().await.unwrap();
    bus.publish(Done { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, "things.done", "its handler of everything subscribes to it as well");
}
