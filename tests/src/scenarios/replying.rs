//! Replies to what was sent without waiting.

use leveret::{AnyMessage, Context, HandlerError, handler, publish::SendErrorKind};

use super::{
    Env,
    contracts::{Answer, Ask, Oracle},
    steps::{Tell, channel, command, counts, inject, pull, text},
};

/// What an answer says: its number, InReplyTo, CorrelationId, and OriginatingAddress.
type Told = (u32, Option<String>, Option<String>, Option<String>);

/// An endpoint that handles the answers to what it sent.
struct Asker(Tell<Told>);

#[handler(endpoint = "asker")]
impl Asker {
    #[handler]
    async fn answered(&self, answer: Answer, ctx: &Context) -> Result<(), HandlerError> {
        self.0.tell((answer.n, ctx.in_reply_to(), ctx.correlation_id(), ctx.source()));
        Ok(())
    }
}

/// An endpoint that has no handler for any answer.
struct Deaf;

#[handler(endpoint = "deaf")]
impl Deaf {
    #[handler(topic = "deaf.#")]
    async fn events(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

struct TakesAll(Tell<AnyMessage>);

#[handler(endpoint = "takes-all")]
impl TakesAll {
    #[handler]
    async fn all(&self, message: AnyMessage) -> Result<(), HandlerError> {
        self.0.tell(message);
        Ok(())
    }
}

/// The reply to a plain send comes to the sender's endpoint, and names the command that it answers.
pub async fn to_the_senders_endpoint(env: &Env) {
    let (asked, mut ids) = channel();
    let oracle = Oracle::new(move |ask, ctx| {
        asked.tell(ctx.message_id());
        Box::pin(async move { Ok(Answer { n: ask.n }) })
    });
    env.start(env.bus().endpoint(oracle)).await;
    let (tell, mut heard) = channel();
    let asker = env.start(env.bus().endpoint(Asker(tell))).await;
    asker.send(Ask { n: 3 }).correlation_id("order-3").await.unwrap();
    let (n, in_reply_to, correlation_id, source) = heard.next().await;
    assert_eq!(n, 3);
    assert_eq!(in_reply_to, ids.next().await);
    assert_eq!(correlation_id.as_deref(), Some("order-3"));
    assert_eq!(source.as_deref(), Some("oracle"));
}

/// A reply that the sender's endpoint has no handler for is acknowledged and counted, and nobody's error.
pub async fn nobody_handles(env: &Env) {
    env.start(env.bus().endpoint(Oracle::echo())).await;
    let deaf = env.start(env.bus().endpoint(Deaf)).await;
    deaf.send(Ask { n: 1 }).await.unwrap();
    counts(&deaf, "unhandled reply", |counts| counts.replies_unhandled == 1).await;
    deaf.pause().await.unwrap();
    assert_eq!(deaf.queue_depth("deaf").await.unwrap(), 0);
    assert_eq!(deaf.queue_depth("error").await.unwrap(), 0);
    assert_eq!(deaf.counts().failed, 0);
}

/// A handler of everything takes replies too.
pub async fn to_a_handler_of_everything(env: &Env) {
    env.start(env.bus().endpoint(Oracle::echo())).await;
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(TakesAll(tell))).await;
    bus.send(Ask { n: 6 }).await.unwrap();
    let message = heard.next().await;
    assert_eq!(message.message_type().as_deref(), Some("Answer"));
    assert_eq!(message.json::<Answer>().unwrap(), Answer { n: 6 });
}

/// A bus without an endpoint awaits no reply: what the handler returned is dropped and counted.
pub async fn to_nobody(env: &Env) {
    let oracle = env.start(env.bus().endpoint(Oracle::echo())).await;
    env.sender().await.send(Ask { n: 1 }).await.unwrap();
    counts(&oracle, "handled command", |counts| counts.handled == 1).await;
    assert_eq!((oracle.counts().replies_dropped, oracle.counts().failed), (1, 0));
}

/// A further reply without an address is an error that says why.
pub async fn further_replies_need_an_address(env: &Env) {
    let (tell, mut heard) = channel();
    let oracle = Oracle::new(move |ask, ctx| {
        let tell = tell.clone();
        Box::pin(async move {
            tell.tell(ctx.reply(Answer { n: 0 }).await.map_err(|error| error.kind().clone()));
            Ok(Answer { n: ask.n })
        })
    });
    env.start(env.bus().endpoint(oracle)).await;
    env.sender().await.send(Ask { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, Err(SendErrorKind::NoReplyAddress));
    let (tell, mut answers) = channel();
    let asker = env.start(env.bus().endpoint(Asker(tell))).await;
    asker.send(Ask { n: 2 }).await.unwrap();
    assert_eq!(heard.next().await, Ok(()));
    let mut both: Vec<_> = answers.take(2).await.into_iter().map(|answer| answer.0).collect();
    both.sort_unstable();
    assert_eq!(both, [0, 2]);
}

/// A reply to a queue that is gone fails for good: the handler has done its work, and does not do it twice.
pub async fn to_a_queue_that_is_gone(env: &Env) {
    let (tell, mut runs) = channel();
    let oracle = Oracle::new(move |ask, ctx| {
        tell.tell(ctx.attempt());
        Box::pin(async move { Ok(Answer { n: ask.n }) })
    });
    let bus = env.start(env.bus().endpoint(oracle)).await;
    let wire = env.wire().await;
    for address in ["gone".to_owned(), "x".repeat(300)] {
        let mut envelope = command("Ask", r#"{"n":1}"#);
        envelope.headers.insert("PikaBus.ReplyToAddress", address);
        inject(&*wire, "oracle", envelope).await;
        pull(&bus, "error").await;
        assert_eq!(runs.next().await, 1);
        assert!(runs.rest().is_empty());
    }
}

/// An address that stands only in AMQP's own field is one.
pub async fn to_the_address_of_the_property(env: &Env) {
    env.start(env.bus().endpoint(Oracle::echo())).await;
    let (tell, mut heard) = channel();
    env.start(env.bus().endpoint(Asker(tell))).await;
    let mut envelope = command("Ask", r#"{"n":5}"#);
    envelope.properties.reply_to = Some("asker".into());
    envelope.properties.message_id = Some("id-5".into());
    envelope.properties.correlation_id = Some("saga-5".into());
    inject(&*env.wire().await, "oracle", envelope).await;
    let (n, in_reply_to, correlation_id, _) = heard.next().await;
    assert_eq!((n, in_reply_to.as_deref(), correlation_id.as_deref()), (5, Some("id-5"), Some("saga-5")));
}

/// A reply is a command on the wire, as PikaBus has it.
pub async fn are_commands_on_the_wire(env: &Env) {
    env.start(env.bus().endpoint(Oracle::echo())).await;
    let asker = env.start(env.bus().endpoint(Deaf)).await;
    asker.pause().await.unwrap();
    asker.send(Ask { n: 1 }).await.unwrap();
    let reply = pull(&asker, "deaf").await;
    assert_eq!(text(&reply, "PikaBus.Intent"), Some("command"));
    assert_eq!(text(&reply, "PikaBus.MessageType"), Some("Answer"));
    assert_eq!(reply.received().exchange, "PikaBusDirect");
    assert_eq!(reply.received().routing_key, "deaf");
}
