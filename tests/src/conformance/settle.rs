//! What becomes of a message that was taken.

use leveret::{
    headers::{Headers, Value},
    transport::{Settlement, Transport},
};

use super::{
    Harness,
    steps::{body, drain, fill, next, numbers, plain_queue, queue, take},
};

/// A message that is done never comes again.
pub async fn done_is_forgotten(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1", "2"]).await;
    let mut consumer = transport.consume(&queue, 2).await.unwrap();
    assert_eq!((take(&mut consumer).await, take(&mut consumer).await), ("1".to_owned(), "2".to_owned()));
    consumer.close().await;
    assert_eq!(drain(&*transport, &queue).await, [""; 0]);
}

/// A returned message comes again, before those behind it, and says so.
pub async fn returned_comes_again(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1", "2"]).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    let (first, unsettled) = next(&mut consumer).await;
    assert!(!first.redelivered);
    unsettled.settle(Settlement::Return);
    let (again, unsettled) = next(&mut consumer).await;
    assert_eq!((body(&again).as_str(), again.redelivered), ("1", true));
    unsettled.settle(Settlement::Done);
    let (second, _unsettled) = next(&mut consumer).await;
    assert_eq!((body(&second).as_str(), second.redelivered), ("2", false));
}

/// The right to settle that is dropped returns the message.
pub async fn dropped_comes_again(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1"]).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    drop(next(&mut consumer).await);
    let (again, _unsettled) = next(&mut consumer).await;
    assert_eq!((body(&again).as_str(), again.redelivered), ("1", true));
}

async fn dead_lettering(transport: &dyn Transport, name: &str, dead: &str) {
    let arguments = [("x-dead-letter-exchange", "".into()), ("x-dead-letter-routing-key", dead.into())];
    queue(transport, name, arguments).await;
    plain_queue(transport, dead).await;
}

/// A rejected message moves to where the queue's dead letters go, and tells where it died and why.
pub async fn rejected_is_dead_lettered(h: &Harness) {
    let (transport, queue, dead) = (h.connect().await, h.name("queue"), h.name("dead"));
    dead_lettering(&*transport, &queue, &dead).await;
    fill(&*transport, &queue, ["1"]).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    let (_, unsettled) = next(&mut consumer).await;
    let mut graveyard = transport.consume(&dead, 1).await.unwrap();
    unsettled.settle(Settlement::Reject);
    let (received, _unsettled) = next(&mut graveyard).await;
    assert_eq!((body(&received).as_str(), received.redelivered), ("1", false));
    assert_eq!((received.exchange.as_str(), received.routing_key.as_str()), ("", dead.as_str()));
    let headers = &received.envelope.headers;
    assert_eq!(headers.text("x-first-death-queue"), Some(queue.as_str()));
    assert_eq!(headers.text("x-first-death-reason"), Some("rejected"));
    let death = first_death(headers);
    assert_eq!((death.text("queue"), death.text("reason")), (Some(queue.as_str()), Some("rejected")));
    assert_eq!(death.get("count").and_then(Value::as_integer), Some(1));
    assert_eq!(death.get("routing-keys"), Some(&Value::Array(vec![queue.into()])));
}

fn first_death(headers: &Headers) -> &Headers {
    match headers.get("x-death") {
        Some(Value::Array(deaths)) => match &deaths[..] {
            [Value::Table(death), ..] => death,
            other => panic!("x-death is {other:?}"),
        },
        other => panic!("x-death is {other:?}"),
    }
}

/// A rejected message of a queue whose dead letters go nowhere is gone, and the next one comes.
pub async fn rejected_without_a_place_is_gone(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1", "2"]).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    next(&mut consumer).await.1.settle(Settlement::Reject);
    assert_eq!(take(&mut consumer).await, "2");
    consumer.close().await;
    assert_eq!(drain(&*transport, &queue).await, [""; 0]);
}

/// Settling one message settles none of those around it.
pub async fn only_its_own_message(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, numbers(5)).await;
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    let mut held = Vec::new();
    for n in 0..5 {
        let (_, unsettled) = next(&mut consumer).await;
        if n % 2 == 1 {
            unsettled.settle(Settlement::Done);
        } else {
            held.push(unsettled);
        }
    }
    consumer.close().await;
    assert_eq!(drain(&*transport, &queue).await, ["0", "2", "4"]);
}

/// A settlement that comes after its consumer ended settles nothing, whoever has the message now.
pub async fn too_late_changes_nothing(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1"]).await;
    let mut closed = transport.consume(&queue, 1).await.unwrap();
    let (_, late) = next(&mut closed).await;
    closed.close().await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    let (_, unsettled) = next(&mut consumer).await;
    late.settle(Settlement::Done);
    unsettled.settle(Settlement::Return);
    assert_eq!(take(&mut consumer).await, "1");
    consumer.close().await;
    assert_eq!(drain(&*transport, &queue).await, [""; 0]);
}

/// A quorum queue counts how often a message was lost with its consumer, and gives up on it.
pub async fn lost_too_often_is_dead_lettered(h: &Harness) {
    let (transport, name, dead) = (h.connect().await, h.name("queue"), h.name("dead"));
    let arguments = [
        ("x-queue-type", "quorum".into()),
        ("x-delivery-limit", Value::I64(2)),
        ("x-dead-letter-exchange", "".into()),
        ("x-dead-letter-routing-key", dead.as_str().into()),
    ];
    plain_queue(&*transport, &dead).await;
    queue(&*transport, &name, arguments).await;
    fill(&*transport, &name, ["poison"]).await;
    for losses in [None, Some(1), Some(2)] {
        let mut consumer = transport.consume(&name, 1).await.unwrap();
        let (received, _held) = next(&mut consumer).await;
        let count = received.envelope.headers.get("x-delivery-count").and_then(Value::as_integer);
        assert_eq!((count, received.redelivered), (losses, losses.is_some()));
        consumer.close().await;
    }
    let (received, _unsettled) = next(&mut transport.consume(&dead, 1).await.unwrap()).await;
    assert_eq!(body(&received), "poison");
    assert_eq!(first_death(&received.envelope.headers).text("reason"), Some("delivery_limit"));
}
