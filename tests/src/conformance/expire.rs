//! What a queue gives up on, without anybody taking it.

use leveret::{
    headers::{Headers, Value},
    transport::Transport,
};

use super::{
    Harness,
    steps::{body, drain, fill, next, only_queue, plain_queue, text, to},
};

/// A queue whose dead letters go to another.
async fn graves(transport: &dyn Transport, name: &str, dead: &str, rule: Option<(&str, Value)>) {
    plain_queue(transport, dead).await;
    let place = [("x-dead-letter-exchange", "".into()), ("x-dead-letter-routing-key", dead.into())];
    let arguments = place.into_iter().chain(rule).collect();
    let mut topology = only_queue(name, []);
    topology.queues[0].arguments = arguments;
    transport.declare(&topology).await.unwrap();
}

fn reason(headers: &Headers) -> Option<&str> {
    headers.text("x-first-death-reason")
}

/// What is older than the queue allows is dead-lettered.
pub async fn by_the_time_of_the_queue(h: &Harness) {
    let (transport, name, dead) = (h.connect().await, h.name("queue"), h.name("dead"));
    graves(&*transport, &name, &dead, Some(("x-message-ttl", Value::I32(20)))).await;
    let mut consumer = transport.consume(&dead, 1).await.unwrap();
    fill(&*transport, &name, ["1"]).await;
    let (received, _unsettled) = next(&mut consumer).await;
    assert_eq!((body(&received).as_str(), reason(&received.envelope.headers)), ("1", Some("expired")));
    assert_eq!(drain(&*transport, &name).await, [""; 0]);
}

/// So is what outlives its own expiration, and there it does not expire again.
pub async fn by_its_own_time(h: &Harness) {
    let (transport, name, dead) = (h.connect().await, h.name("queue"), h.name("dead"));
    graves(&*transport, &name, &dead, None).await;
    let mut consumer = transport.consume(&dead, 1).await.unwrap();
    let mut envelope = text("1");
    envelope.properties.expiration = Some("20".into());
    transport.publisher().publish(to("", &name, envelope)).await.unwrap();
    let (received, _unsettled) = next(&mut consumer).await;
    assert_eq!((body(&received).as_str(), reason(&received.envelope.headers)), ("1", Some("expired")));
    assert_eq!(received.envelope.properties.expiration, None);
}

/// A full queue that refuses nothing gives up on its oldest message.
pub async fn by_those_behind_it(h: &Harness) {
    let (transport, name, dead) = (h.connect().await, h.name("queue"), h.name("dead"));
    graves(&*transport, &name, &dead, Some(("x-max-length", Value::I32(1)))).await;
    fill(&*transport, &name, ["1", "2"]).await;
    let (received, _unsettled) = next(&mut transport.consume(&dead, 1).await.unwrap()).await;
    assert_eq!((body(&received).as_str(), reason(&received.envelope.headers)), ("1", Some("maxlen")));
    assert_eq!(drain(&*transport, &name).await, ["2"]);
}

/// A message that is taken in time does not expire.
pub async fn not_while_it_is_handled(h: &Harness) {
    let (transport, name, other) = (h.connect().await, h.name("queue"), h.name("other"));
    graves(&*transport, &name, &other, Some(("x-message-ttl", Value::I32(200)))).await;
    let mut consumer = transport.consume(&name, 1).await.unwrap();
    fill(&*transport, &name, ["taken"]).await;
    let _taken = next(&mut consumer).await;
    fill(&*transport, &name, ["waiting"]).await;
    let mut graveyard = transport.consume(&other, 2).await.unwrap();
    let (waiting, _unsettled) = next(&mut graveyard).await;
    assert_eq!(body(&waiting), "waiting");
    fill(&*transport, &other, ["marker"]).await;
    assert_eq!(body(&next(&mut graveyard).await.0), "marker");
}
