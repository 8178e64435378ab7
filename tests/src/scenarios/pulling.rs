//! Single messages out of any queue.

use leveret::{RetryPolicy, bus::BusErrorKind, transport::TransportErrorKind};

use super::{
    Env,
    contracts::{Work, Worker},
    steps::{pull, text},
};

async fn paused(env: &Env) -> leveret::Bus {
    let worker = Worker::new(|_, _| Box::pin(async { Ok(()) }));
    let bus = env.start(env.bus().endpoint(worker).retry(RetryPolicy::none())).await;
    bus.pause().await.unwrap();
    bus
}

/// One at a time, in order; an empty queue has none.
pub async fn the_oldest_first(env: &Env) {
    let bus = paused(env).await;
    assert!(bus.get("worker").await.unwrap().is_none());
    for n in 0..3 {
        bus.send(Work { n }).await.unwrap();
    }
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 3);
    for n in 0..3 {
        let pulled = bus.get("worker").await.unwrap().unwrap();
        assert_eq!(pulled.json::<Work>().unwrap(), Work { n });
        assert_eq!(pulled.message_type().as_deref(), Some("Work"));
        assert_eq!(bus.queue_depth("worker").await.unwrap(), 2 - n);
        pulled.ack();
    }
    assert!(bus.get("worker").await.unwrap().is_none());
}

/// Given back or dropped it comes again; rejected it is dead-lettered into the error queue.
pub async fn settled_in_each_way(env: &Env) {
    let bus = paused(env).await;
    bus.send(Work { n: 1 }).await.unwrap();
    bus.get("worker").await.unwrap().unwrap().nack();
    drop(bus.get("worker").await.unwrap().unwrap());
    let pulled = loop {
        // A broker may take a moment to give it back.
        if let Some(pulled) = bus.get("worker").await.unwrap() {
            break pulled;
        }
        tokio::task::yield_now().await;
    };
    assert!(pulled.message().received().redelivered);
    pulled.reject();
    let dead = pull(&bus, "error").await;
    assert_eq!(dead.json::<Work>().unwrap(), Work { n: 1 });
    assert_eq!(text(&dead, "x-first-death-queue"), Some("worker"));
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
}

/// A queue that is not there is an error that names it.
pub async fn a_missing_queue(env: &Env) {
    let bus = env.sender().await;
    for error in [bus.get("nowhere").await.unwrap_err(), bus.queue_depth("nowhere").await.unwrap_err()] {
        assert!(
            matches!(error.kind(), BusErrorKind::Broker(TransportErrorKind::NotFound { .. })),
            "{error:?}"
        );
        assert!(error.to_string().contains("nowhere"), "{error}");
    }
    assert!(bus.health().is_healthy());
}
