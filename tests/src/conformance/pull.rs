//! One message at a time, without a consumer.

use leveret::transport::Settlement;

use super::{
    Harness,
    steps::{body, drain, fill, is_not_found, next, numbers, plain_queue, split},
};

/// What is pulled is the oldest message.
pub async fn the_oldest_first(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, numbers(3)).await;
    let (received, _unsettled) = split(transport.get(&queue).await.unwrap().unwrap());
    assert_eq!((body(&received).as_str(), &*received.queue), ("0", queue.as_str()));
    assert_eq!((received.redelivered, &*received.routing_key), (false, &*queue));
}

/// An empty queue gives nothing, at once.
pub async fn nothing_in_an_empty_queue(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    assert!(transport.get(&queue).await.unwrap().is_none());
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
}

/// A queue that does not exist is an error, for pulling and for counting, and the transport lives on.
pub async fn a_missing_queue(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    let error = transport.get(&queue).await.unwrap_err();
    assert!(is_not_found(error.kind()), "{error:?}");
    let error = transport.queue_depth(&queue).await.unwrap_err();
    assert!(is_not_found(error.kind()), "{error:?}");
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1"]).await;
    assert_eq!(drain(&*transport, &queue).await, ["1"]);
}

/// A pulled message that is done is forgotten, also when the transport that pulled it is closed.
pub async fn done_is_forgotten(h: &Harness) {
    let (pulling, transport, queue) = (h.connect().await, h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1", "2"]).await;
    let (_, first) = split(pulling.get(&queue).await.unwrap().unwrap());
    first.settle(Settlement::Done);
    let (_, _second) = split(pulling.get(&queue).await.unwrap().unwrap());
    pulling.close(std::time::Duration::from_secs(10)).await;
    let (again, _unsettled) = next(&mut transport.consume(&queue, 2).await.unwrap()).await;
    assert_eq!((body(&again).as_str(), again.redelivered), ("2", true));
}

/// A pulled message that is returned, or dropped, comes again.
pub async fn returned_comes_again(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1"]).await;
    let (_, unsettled) = split(transport.get(&queue).await.unwrap().unwrap());
    unsettled.settle(Settlement::Return);
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    let (again, unsettled) = next(&mut consumer).await;
    assert!(again.redelivered);
    unsettled.settle(Settlement::Done);
    fill(&*transport, &queue, ["2"]).await;
    let (second, unsettled) = next(&mut consumer).await;
    assert_eq!((body(&second).as_str(), second.redelivered), ("2", false));
    unsettled.settle(Settlement::Done);
    consumer.close().await;

    fill(&*transport, &queue, ["3"]).await;
    drop(transport.get(&queue).await.unwrap().unwrap());
    let (again, _unsettled) = next(&mut transport.consume(&queue, 1).await.unwrap()).await;
    assert_eq!((body(&again).as_str(), again.redelivered), ("3", true));
}

/// A message that is taken and not settled is no longer ready.
pub async fn only_ready_messages_count(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, numbers(3)).await;
    let _taken = transport.get(&queue).await.unwrap().unwrap();
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 2);
}
