//! Messages as others write them: without a type, without an id, with headers of odd types.

use std::time::Duration;

use leveret::{AnyMessage, Context, HandlerError, RetryPolicy, handler, headers::Value};

use super::{
    Env,
    contracts::{Done, Heard, Work, at_once},
    steps::{Tell, bare, channel, command, counts, inject, integer, publish, pull},
};

type Told = Tell<(&'static str, String)>;

/// An endpoint as Python senders need it.
struct Lenient(Told);

#[handler(endpoint = "worker")]
impl Lenient {
    #[handler(untyped)]
    async fn work(&self, command: Work, ctx: &Context) -> Result<(), HandlerError> {
        if command.n == 99 && ctx.attempt() == 1 {
            return Err("the first run".into());
        }
        self.0.tell(("work", command.n.to_string()));
        Ok(())
    }

    #[handler]
    async fn done(&self, event: Done) -> Result<(), HandlerError> {
        self.0.tell(("done", event.n.to_string()));
        Ok(())
    }

    #[handler(topic = "things.#")]
    async fn heard(&self, event: Heard, ctx: &Context) -> Result<(), HandlerError> {
        if event.n == 99 && ctx.attempt() == 1 {
            return Err("the first run".into());
        }
        self.0.tell(("heard", format!("{} by {}", event.n, ctx.topic())));
        Ok(())
    }
}

/// An endpoint that knows one event, and takes the rest of its topic undecoded.
struct Curious(Told);

#[handler(endpoint = "curious")]
impl Curious {
    #[handler]
    async fn done(&self, event: Done) -> Result<(), HandlerError> {
        self.0.tell(("done", event.n.to_string()));
        Ok(())
    }

    #[handler(topic = "things.*")]
    async fn things(&self, message: AnyMessage) -> Result<(), HandlerError> {
        self.0.tell(("things", message.topic()));
        Ok(())
    }

    #[handler]
    async fn rest(&self, message: AnyMessage) -> Result<(), HandlerError> {
        self.0.tell(("rest", message.topic()));
        Ok(())
    }
}

fn event(body: &str) -> leveret::envelope::Envelope {
    bare([("PikaBus.Intent", "event".into())], body)
}

/// An event without a type is routed by its topic: its own, else the one pattern that matches.
pub async fn untyped_events(env: &Env) {
    let (tell, mut heard) = channel();
    env.start(env.bus().endpoint(Lenient(tell))).await;
    let wire = env.wire().await;
    for (topic, expected) in [
        ("things.done", ("done", "1".to_owned())),
        ("things.heard", ("heard", "1 by things.heard".to_owned())),
        ("things.far.away", ("heard", "1 by things.far.away".to_owned())),
    ] {
        publish(&*wire, "PikaBusTopic", topic, event(r#"{"n":1}"#)).await;
        assert_eq!(heard.next().await, expected, "{topic}");
    }
}

/// A copy of such an event, which comes by the queue's name, still says its topic.
pub async fn copies_of_untyped_events(env: &Env) {
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(Lenient(tell)).retry(at_once(0))).await;
    let wire = env.wire().await;
    publish(&*wire, "PikaBusTopic", "things.far.away", event(r#"{"n":99}"#)).await;
    let failed = pull(&bus, "error").await;
    assert_eq!(failed.topic(), "things.far.away");
    let mut again = (*failed.received().envelope).clone();
    again.headers.remove("PikaBus.ErrorRetries");
    again.body = r#"{"n":98}"#.into();
    inject(&*wire, "worker", again).await;
    assert_eq!(heard.next().await, ("heard", "98 by things.far.away".to_owned()));
}

/// A command without a type goes to the one handler that says so.
pub async fn untyped_commands(env: &Env) {
    let (tell, mut heard) = channel();
    env.start(env.bus().endpoint(Lenient(tell))).await;
    let wire = env.wire().await;
    for envelope in [bare([("PikaBus.Intent", "command".into())], r#"{"n":2}"#), bare([], r#"{"n":2}"#)] {
        inject(&*wire, "worker", envelope).await;
        assert_eq!(heard.next().await, ("work", "2".to_owned()));
    }
}

/// It comes back to the same handler from the broker's delay, whose key is no topic, even if it says nothing at all.
pub async fn untyped_commands_that_waited(env: &Env) {
    let (tell, mut heard) = channel();
    let retry = RetryPolicy::fixed(Duration::from_millis(50));
    let bus = env.start(env.bus().endpoint(Lenient(tell)).retry(retry)).await;
    inject(&*env.wire().await, "worker", bare([], r#"{"n":99}"#)).await;
    assert_eq!(heard.next().await, ("work", "99".to_owned()));
    counts(&bus, "success", |counts| counts.handled == 1).await;
    assert_eq!(bus.counts().retried, 1);
}

/// What no typed handler takes goes to a handler of everything: the one of the topic, else the one without.
pub async fn handlers_of_everything(env: &Env) {
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(Curious(tell))).await;
    let wire = env.wire().await;
    publish(&*wire, "PikaBusTopic", "things.done", event(r#"{"n":1}"#)).await;
    assert_eq!(heard.next().await, ("done", "1".to_owned()));
    publish(&*wire, "PikaBusTopic", "things.lost", event("not even JSON")).await;
    assert_eq!(heard.next().await, ("things", "things.lost".to_owned()));
    bus.send_raw("curious", "Unheard.Of", vec![255]).await.unwrap();
    assert_eq!(heard.next().await, ("rest", "curious".to_owned()));
    bus.subscribe_pattern("weather.#").await.unwrap();
    publish(&*wire, "PikaBusTopic", "weather.rain.heavy", event("")).await;
    assert_eq!(heard.next().await, ("rest", "weather.rain.heavy".to_owned()));
}

/// An event that no handler takes, a leftover of an old binding, is acknowledged and counted.
pub async fn unmatched_events(env: &Env) {
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(Lenient(tell))).await;
    let wire = env.wire().await;
    let mut typed = event("{}");
    typed.headers.insert("PikaBus.MessageType", "Forgotten");
    publish(&*wire, "PikaBusTopic", "things.forgotten", typed).await;
    counts(&bus, "unmatched", |counts| counts.events_unmatched == 1).await;
    bus.pause().await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
    assert_eq!(bus.queue_depth("error").await.unwrap(), 0);
    assert!(heard.rest().is_empty());
}

/// Headers of odd types are read as they were probably meant, and stand in the error queue as they came.
pub async fn odd_header_types(env: &Env) {
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(Lenient(tell)).retry(at_once(0))).await;
    let wire = env.wire().await;
    let odd = |body| {
        let mut envelope = bare(
            [
                ("PikaBus.MessageId", Value::I64(7)),
                ("PikaBus.CorrelationId", Value::Bytes(b"abc".to_vec())),
                ("PikaBus.ReplyToAddress", Value::Array(vec![Value::Bool(true)])),
                ("PikaBus.MessageType", Value::Bytes(b"Work".to_vec())),
                ("PikaBus.Intent", "COMMAND".into()),
                ("PikaBus.TimeSent", Value::F64(0.5)),
                ("PikaBus.ErrorRetries", Value::Void),
                ("PikaBus.DeferredTime", Value::Void),
            ],
            body,
        );
        envelope.headers.insert("PikaBus.ContentType", Value::Void);
        envelope
    };
    inject(&*wire, "worker", odd(r#"{"n":3}"#)).await;
    assert_eq!(heard.next().await, ("work", "3".to_owned()));
    inject(&*wire, "worker", odd("{")).await;
    let failed = pull(&bus, "error").await;
    let facts = failed.facts();
    assert_eq!(facts.message_id().as_deref(), Some("7"));
    assert_eq!(facts.correlation_id().as_deref(), Some("abc"));
    assert_eq!(facts.reply_to(), None);
    assert_eq!(facts.time_sent(), None);
    assert_eq!(failed.headers().get("PikaBus.MessageId"), Some(&Value::I64(7)));
    assert_eq!(failed.headers().get("PikaBus.TimeSent"), Some(&Value::F64(0.5)));
    assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(1));
}

/// A type that stands only in AMQP's own field is one, and a type counts more than a topic.
pub async fn types_in_the_property(env: &Env) {
    let (tell, mut heard) = channel();
    env.start(env.bus().endpoint(Lenient(tell))).await;
    let wire = env.wire().await;
    let mut envelope = event(r#"{"n":4}"#);
    envelope.properties.kind = Some("Done".into());
    publish(&*wire, "PikaBusTopic", "things.far.away", envelope).await;
    assert_eq!(heard.next().await, ("done", "4".to_owned()));
    inject(&*wire, "worker", command("Work", r#"{"n":5,"more":"is ignored"}"#)).await;
    assert_eq!(heard.next().await, ("work", "5".to_owned()));
}

/// Two messages with one id are two messages: ids are the senders' own, and may be anything.
pub async fn equal_ids(env: &Env) {
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(Lenient(tell)).concurrency(1)).await;
    let wire = env.wire().await;
    for n in 0..5 {
        let mut envelope = command("Work", &format!(r#"{{"n":{n}}}"#));
        envelope.headers.insert("PikaBus.MessageId", "the same");
        inject(&*wire, "worker", envelope).await;
        assert_eq!(heard.next().await, ("work", n.to_string()));
    }
    counts(&bus, "end of all", |counts| counts.handled == 5).await;
}
