//! A bus that is paused, shut down, or dropped.

use std::{sync::Arc, time::Duration};

use leveret::{
    bus::BusErrorKind,
    publish::SendErrorKind,
    transport::{ConnectionState, PublishErrorKind, TransportErrorKind},
};
use tokio::sync::Notify;

use super::{
    Env,
    contracts::{Done, Heard, Work, Worker},
    steps::{Hear, channel, eventually, within},
};

fn telling() -> (Worker, Hear<u32>) {
    let (tell, heard) = channel();
    let worker = Worker::new(move |work, _| {
        tell.tell(work.n);
        Box::pin(async { Ok(()) })
    });
    (worker, heard)
}

/// A worker that says when it begins, and goes on when it is told.
fn waiting() -> (Worker, Arc<Notify>, Hear<(u32, bool)>) {
    let (go, (tell, heard)) = (Arc::new(Notify::new()), channel());
    let wait = go.clone();
    let worker = Worker::new(move |work, ctx| {
        let (wait, tell) = (wait.clone(), tell.clone());
        Box::pin(async move {
            tell.tell((work.n, ctx.cancellation().is_cancelled()));
            wait.notified().await;
            tell.tell((work.n, ctx.cancellation().is_cancelled()));
            Ok(())
        })
    });
    (worker, go, heard)
}

/// A paused bus takes nothing and still sends; a resumed one takes what has come. Doing either twice is no error.
pub async fn pause_and_resume(env: &Env) {
    let (worker, mut heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    for round in 0..3 {
        bus.pause().await.unwrap();
        bus.pause().await.unwrap();
        bus.send(Work { n: round }).await.unwrap();
        assert_eq!(bus.queue_depth("worker").await.unwrap(), 1);
        assert!(heard.rest().is_empty());
        bus.resume().await.unwrap();
        bus.resume().await.unwrap();
        assert_eq!(heard.next().await, round);
    }
}

/// A pause lets the running handler finish, and returns what it held besides.
pub async fn a_pause_lets_handlers_finish(env: &Env) {
    let (worker, go, mut heard) = waiting();
    let bus = env.start(env.bus().endpoint(worker).concurrency(1).prefetch(5)).await;
    for n in 0..3 {
        bus.send(Work { n }).await.unwrap();
    }
    assert_eq!(heard.next().await, (0, false));
    let pausing = tokio::spawn({
        let bus = bus.clone();
        async move { bus.pause().await }
    });
    eventually("return of the others", async || bus.queue_depth("worker").await.unwrap() == 2).await;
    go.notify_one();
    within("pause", pausing).await.unwrap().unwrap();
    assert_eq!(heard.next().await, (0, false));
    assert_eq!((bus.counts().handled, heard.rest().len()), (1, 0));
}

/// Health tells what the bus does, and what it no longer does.
pub async fn health(env: &Env) {
    let (worker, _heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    let health = bus.health();
    assert!(health.connected && health.consuming && !health.blocked && health.is_healthy(), "{health:?}");
    assert_eq!(health.unconfirmed.count, 0);
    bus.pause().await.unwrap();
    assert!(bus.health().connected && !bus.health().consuming && !bus.health().is_healthy());
    bus.resume().await.unwrap();
    eventually("consumer", async || bus.health().is_healthy()).await;
    bus.shutdown().await.unwrap();
    let health = bus.health();
    assert!(!health.connected && !health.consuming && !health.is_healthy());
    assert_eq!(health.publishing_connection, ConnectionState::Closed);

    let sender = env.sender().await;
    assert!(sender.health().is_healthy() && !sender.health().consuming);
    sender.shutdown().await.unwrap();
    assert!(!sender.health().is_healthy());
}

/// A shutdown lets the running handler finish, tells it to hurry, and returns what has not begun. Twice is no error.
pub async fn a_shutdown_lets_handlers_finish(env: &Env) {
    let (worker, go, mut heard) = waiting();
    let bus = env.start(env.bus().endpoint(worker).concurrency(1).prefetch(5)).await;
    let witness = env.sender().await;
    for n in 0..3 {
        bus.send(Work { n }).await.unwrap();
    }
    assert_eq!(heard.next().await, (0, false));
    let end = |bus: &leveret::Bus| {
        tokio::spawn({
            let bus = bus.clone();
            async move { bus.shutdown().await }
        })
    };
    let (first, second) = (end(&bus), end(&bus));
    eventually("return of the others", async || witness.queue_depth("worker").await.unwrap() == 2).await;
    assert!(!first.is_finished() && !second.is_finished());
    go.notify_one();
    for shutdown in [first, second, end(&bus)] {
        within("shutdown", shutdown).await.unwrap().unwrap();
    }
    assert_eq!(heard.next().await, (0, true), "the handler saw that the bus shuts down");
    assert_eq!(bus.counts().handled, 1);
    assert_eq!(witness.queue_depth("worker").await.unwrap(), 2);
}

/// A handler that does not finish in time is given up; its message comes to another instance.
pub async fn a_handler_that_does_not_finish(env: &Env) {
    let (tell, mut begun) = channel();
    let stuck = Worker::new(move |work, _| {
        tell.tell(work.n);
        Box::pin(std::future::pending())
    });
    let builder = env.bus().endpoint(stuck).shutdown_timeout(Duration::from_millis(50));
    let bus = env.start(builder).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert_eq!(begun.next().await, 1);
    within("shutdown", bus.shutdown()).await.unwrap();
    let (worker, mut heard) = telling();
    env.start(env.bus().endpoint(worker)).await;
    assert_eq!(heard.next().await, 1);
}

/// After a shutdown everything says that the bus is shut down.
pub async fn nothing_works_after_a_shutdown(env: &Env) {
    let (worker, _heard) = telling();
    let bus = env.start(env.bus().endpoint(worker)).await;
    bus.shutdown().await.unwrap();
    let closed = SendErrorKind::Broker(PublishErrorKind::Closed);
    assert_eq!(bus.send(Work { n: 1 }).await.unwrap_err().kind(), &closed);
    assert_eq!(bus.publish(Heard { n: 1 }).await.unwrap_err().kind(), &closed);
    let closed = BusErrorKind::Broker(TransportErrorKind::Closed);
    assert_eq!(bus.pause().await.unwrap_err().kind(), &closed);
    assert_eq!(bus.resume().await.unwrap_err().kind(), &closed);
    assert_eq!(bus.get("worker").await.unwrap_err().kind(), &closed);
    assert_eq!(bus.queue_depth("worker").await.unwrap_err().kind(), &closed);
    let (listener, heard) =
        (super::contracts::Listener::new(|_, _| Box::pin(async { Ok(()) })), Done { n: 1 });
    let bus = env.start(env.bus().endpoint(listener)).await;
    bus.publish(heard).await.unwrap();
    bus.shutdown().await.unwrap();
    assert_eq!(bus.subscribe::<Done>().await.unwrap_err().kind(), &closed);
}

/// A bus that is dropped without a shutdown stops: what its handlers have not finished comes to another instance.
pub async fn dropped_without_a_shutdown(env: &Env) {
    let (tell, mut begun) = channel();
    let stuck = Worker::new(move |work, ctx| {
        tell.tell(work.n);
        let stopped = ctx.cancellation().clone();
        let tell = tell.clone();
        Box::pin(async move {
            stopped.cancelled().await;
            tell.tell(100 + work.n);
            Err("stopped".into())
        })
    });
    let bus = env.bus().endpoint(stuck).concurrency(2).start().await.unwrap();
    let clone = bus.clone();
    for n in 0..5 {
        bus.send(Work { n }).await.unwrap();
    }
    begun.take(2).await;
    drop(bus);
    assert!(clone.health().is_healthy(), "a clone is the same bus");
    drop(clone);
    let mut ended = begun.take(2).await;
    ended.sort_unstable();
    assert_eq!(ended, [100, 101]);
    let (worker, mut heard) = telling();
    env.start(env.bus().endpoint(worker)).await;
    let mut rest = heard.take(5).await;
    rest.sort_unstable();
    assert_eq!(rest, [0, 1, 2, 3, 4]);
}

/// A start that is given up, or fails, leaves nothing behind that takes messages.
pub async fn a_start_that_is_given_up(env: &Env) {
    let (worker, mut heard) = telling();
    let abandoned = Worker::new(|_, _| Box::pin(std::future::pending()));
    {
        let start = env.bus().endpoint(abandoned).start();
        tokio::pin!(start);
        let _ = futures_poll_once(start.as_mut()).await;
    }
    env.start(env.bus().endpoint(worker)).await.send(Work { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 1);
}

/// Polls a future once.
async fn futures_poll_once<F: Future>(mut future: std::pin::Pin<&mut F>) -> bool {
    std::future::poll_fn(|cx| std::task::Poll::Ready(future.as_mut().poll(cx).is_ready())).await
}

/// A bus without an endpoint has nothing to pause.
pub async fn a_sender_cannot_be_paused(env: &Env) {
    let sender = env.sender().await;
    assert_eq!(sender.pause().await.unwrap_err().kind(), &BusErrorKind::NoEndpoint { action: "pause" });
    assert_eq!(sender.resume().await.unwrap_err().kind(), &BusErrorKind::NoEndpoint { action: "resume" });
}
