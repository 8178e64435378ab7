//! Who gets what, in which order, and how much of it at a time.

use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll, time::Duration};

use leveret::{
    topology::ExchangeKind,
    transport::{Consumer, Settlement, Transport},
};

use super::{
    Harness,
    steps::{
        body, bound, drain, eventually, fill, is_not_found, next, numbers, plain_queue, publish, split, take,
        within,
    },
};

/// What one publisher sends one after the other comes in that order.
pub async fn in_the_order_of_publishing(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 7).await.unwrap();
    fill(&*transport, &queue, numbers(100)).await;
    for expected in numbers(100) {
        assert_eq!(take(&mut consumer).await, expected);
    }
}

/// A consumer that waits on an empty queue gets what comes.
pub async fn a_waiting_consumer_is_woken(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    let mut waiting = pin!(consumer.next());
    let first = poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx).is_pending())).await;
    assert!(first, "nothing is there yet");
    fill(&*transport, &queue, ["1"]).await;
    let (received, _unsettled) = split(within("message", waiting).await.unwrap());
    assert_eq!(body(&received), "1");
}

/// Consumers of one queue get different messages, and both get some. How many each holds at first is up to the
/// transport: it may look at one before it takes as many as it may.
pub async fn competing_consumers_share(h: &Harness) {
    let (one, other, queue) = (h.connect().await, h.connect().await, h.name("queue"));
    plain_queue(&*one, &queue).await;
    let mut consumers = [one.consume(&queue, 10).await.unwrap(), other.consume(&queue, 10).await.unwrap()];
    fill(&*one, &queue, numbers(20)).await;
    let (mut arrived, mut unsettled) = (BTreeSet::new(), Vec::new());
    for consumer in &mut consumers {
        for _ in 0..9 {
            let (received, pending) = next(consumer).await;
            arrived.insert(body(&received));
            unsettled.push(pending);
        }
    }
    for pending in unsettled {
        pending.settle(Settlement::Done);
    }
    let [first, second] = &mut consumers;
    for _ in 0..2 {
        let rest = async {
            tokio::select! { message = first.next() => message, message = second.next() => message }
        };
        let (received, pending) = split(within("message", rest).await.unwrap());
        arrived.insert(body(&received));
        pending.settle(Settlement::Done);
    }
    assert_eq!(arrived, numbers(20).into_iter().collect());
}

/// Lets a consumer see and settle a first message: a transport may take one alone before it takes as many as it may.
async fn look_around(transport: &dyn Transport, queue: &str, consumer: &mut Box<dyn Consumer>) {
    for first in ["first", "second"] {
        fill(transport, queue, [first]).await;
        assert_eq!(take(consumer).await, first);
    }
}

/// A consumer that settles nothing gets `prefetch` messages; the others are for someone else.
pub async fn prefetch_is_never_exceeded(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut narrow = transport.consume(&queue, 2).await.unwrap();
    look_around(&*transport, &queue, &mut narrow).await;
    fill(&*transport, &queue, numbers(5)).await;
    let (first, second) = (next(&mut narrow).await, next(&mut narrow).await);
    assert_eq!((body(&first.0), body(&second.0)), ("0".to_owned(), "1".to_owned()));
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 3);
    let mut wide = transport.consume(&queue, 10).await.unwrap();
    for expected in ["2", "3", "4"] {
        assert_eq!(take(&mut wide).await, expected);
    }
}

/// Each settlement makes room for one more, in whichever order they are made.
pub async fn prefetch_opens_with_each_settlement(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, numbers(4)).await;
    let mut consumer = transport.consume(&queue, 2).await.unwrap();
    let (first, second) = (next(&mut consumer).await, next(&mut consumer).await);
    second.1.settle(Settlement::Done);
    let third = next(&mut consumer).await;
    first.1.settle(Settlement::Done);
    let fourth = next(&mut consumer).await;
    assert_eq!((body(&third.0), body(&fourth.0)), ("2".to_owned(), "3".to_owned()));
}

/// Takes two of three messages without settling, loses the consumer, and expects all three in their order.
async fn comes_again(h: &Harness, lose: impl AsyncFnOnce(&dyn Transport, Box<dyn Consumer>)) {
    let (losing, transport, queue) = (h.connect().await, h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut lost = losing.consume(&queue, 2).await.unwrap();
    look_around(&*transport, &queue, &mut lost).await;
    fill(&*transport, &queue, numbers(3)).await;
    let held = (next(&mut lost).await, next(&mut lost).await);
    lose(&*losing, lost).await;
    let mut consumer = transport.consume(&queue, 3).await.unwrap();
    let mut unsettled = Vec::new();
    for (expected, redelivered) in [("0", true), ("1", true), ("2", false)] {
        let (received, pending) = next(&mut consumer).await;
        assert_eq!((body(&received).as_str(), received.redelivered), (expected, redelivered));
        unsettled.push(pending);
    }
    drop(held);
}

/// Closing a consumer returns what it has not settled, each to its place.
pub async fn a_closed_consumer_gives_back(h: &Harness) {
    comes_again(h, async |_, consumer| consumer.close().await).await;
}

/// So does dropping it, though the broker may learn of it a moment later.
pub async fn a_dropped_consumer_gives_back(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, ["1"]).await;
    let mut lost = transport.consume(&queue, 1).await.unwrap();
    let _held = next(&mut lost).await;
    drop(lost);
    let (received, _unsettled) = next(&mut transport.consume(&queue, 1).await.unwrap()).await;
    assert_eq!((body(&received).as_str(), received.redelivered), ("1", true));
}

/// So does closing the transport.
pub async fn a_closed_transport_gives_back(h: &Harness) {
    comes_again(h, async |transport, _consumer| transport.close(Duration::from_secs(10)).await).await;
}

/// A cancelled consumer hands out what had arrived, which can be settled, and ends; the others stay in the queue.
pub async fn a_cancelled_consumer_hands_out_the_rest(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    fill(&*transport, &queue, numbers(8)).await;
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    let mut bodies = vec![take(&mut consumer).await];
    consumer.cancel().await;
    while let Some(incoming) = within("end of the consumer", consumer.next()).await {
        let (received, unsettled) = split(incoming);
        bodies.push(body(&received));
        unsettled.settle(Settlement::Done);
    }
    assert!(within("end of the consumer", consumer.next()).await.is_none(), "it stays at its end");
    consumer.close().await;
    bodies.extend(drain(&*transport, &queue).await);
    assert_eq!(bodies, numbers(8));
}

/// Giving up a wait loses no message.
pub async fn a_dropped_wait_loses_nothing(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 3).await.unwrap();
    for expected in numbers(50) {
        fill(&*transport, &queue, [&expected]).await;
        let mut waiting = consumer.next();
        let polled = poll_fn(|cx| Poll::Ready(waiting.as_mut().poll(cx))).await;
        drop(waiting);
        let (received, unsettled) = match polled {
            Poll::Ready(incoming) => split(incoming.unwrap()),
            Poll::Pending => next(&mut consumer).await,
        };
        assert_eq!(body(&received), expected);
        unsettled.settle(Settlement::Done);
    }
}

/// Consuming a queue that does not exist says so, and the transport lives on.
pub async fn a_missing_queue_cannot_be_consumed(h: &Harness) {
    let (transport, queue) = (h.connect().await, h.name("queue"));
    let error = transport.consume(&queue, 1).await.unwrap_err();
    assert!(is_not_found(error.kind()), "{error:?}");
    plain_queue(&*transport, &queue).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    fill(&*transport, &queue, ["1"]).await;
    assert_eq!(take(&mut consumer).await, "1");
}

/// A queue that somebody else deletes is declared and bound again by the transport that consumes it.
pub async fn a_deleted_queue_comes_back_with_its_consumer(h: &Harness) {
    let (transport, other) = (h.connect().await, h.connect().await);
    let (exchange, queue) = (h.name("exchange"), h.name("queue"));
    bound(&*transport, &exchange, ExchangeKind::Topic, &[(&queue, "a.*")]).await;
    let mut consumer = transport.consume(&queue, 2).await.unwrap();
    other.delete_queue(&queue).await.unwrap();
    eventually("queue bound again", async || publish(&*other, &exchange, "a.b", "1").await).await;
    assert_eq!(take(&mut consumer).await, "1");
}
