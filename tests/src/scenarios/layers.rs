//! Tower layers around handlers.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll},
    time::Duration,
};

use leveret::{Delivery, Failure, HandlerError, HandlerResultExt};
use tower::{Layer, Service, timeout::TimeoutLayer};

use super::{
    Env,
    contracts::{Heard, Work, Worker, at_once},
    steps::{Tell, channel, command, counts, inject, integer, pull, text},
};

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// What a layer of a case does around the handler: it gets the outcome, and says what becomes of it.
type After = Arc<dyn Fn(&Delivery, Result<(), Failure>) -> Result<(), HandlerError> + Send + Sync>;

#[derive(Clone)]
struct Around(After);

#[derive(Clone)]
struct Inside<S> {
    inner: S,
    after: After,
}

impl Around {
    fn new(
        after: impl Fn(&Delivery, Result<(), Failure>) -> Result<(), HandlerError> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(after))
    }
}

impl<S> Layer<S> for Around {
    type Service = Inside<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Inside { inner, after: self.0.clone() }
    }
}

impl<S> Service<Delivery> for Inside<S>
where
    S: Service<Delivery, Response = (), Error = Failure>,
    S::Future: Send + 'static,
{
    type Response = ();
    type Error = HandlerError;
    type Future = BoxFuture<Result<(), HandlerError>>;

    fn poll_ready(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), HandlerError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, delivery: Delivery) -> Self::Future {
        let handling = self.inner.call(delivery.clone());
        let after = self.after.clone();
        Box::pin(async move { after(&delivery, handling.await) })
    }
}

fn telling(name: &'static str, tell: Tell<(&'static str, u32, Option<String>)>) -> Around {
    Around::new(move |delivery, outcome| {
        tell.tell((name, delivery.attempt(), outcome.as_ref().err().map(ToString::to_string)));
        Ok(outcome?)
    })
}

fn fails_once() -> Worker {
    Worker::new(|_, ctx| {
        Box::pin(async move { if ctx.attempt() == 1 { Err("once".into()) } else { Ok(()) } })
    })
}

/// Layers see each run and how it ended; the first one added is the outermost.
pub async fn see_deliveries_and_failures(env: &Env) {
    let (tell, mut heard) = channel();
    let builder = env.bus().endpoint(fails_once()).retry(at_once(1));
    let bus = env.start(builder.layer(telling("outer", tell.clone())).layer(telling("inner", tell))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let once = Some("once".to_owned());
    assert_eq!(
        heard.take(4).await,
        [("inner", 1, once.clone()), ("outer", 1, once), ("inner", 2, None), ("outer", 2, None)]
    );
}

/// A layer of the ecosystem that boxes errors: its own failure is retried, and what the handler asked for is kept.
pub async fn of_the_ecosystem(env: &Env) {
    let worker = Worker::new(|work, ctx| {
        Box::pin(async move {
            match (work.n, ctx.attempt()) {
                (0, 1) => std::future::pending().await,
                (0, _) => Ok(()),
                _ => Err("no such card").permanent(),
            }
        })
    });
    let layer = TimeoutLayer::new(Duration::from_millis(50));
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(5)).layer(layer)).await;
    bus.send(Work { n: 0 }).await.unwrap();
    counts(&bus, "second run", |counts| (counts.failed, counts.handled) == (1, 1)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let failed = pull(&bus, "error").await;
    assert_eq!(integer(&failed, "PikaBus.ErrorRetries"), Some(1));
    assert_eq!(text(&failed, "PikaBus.ErrorDetails"), Some("no such card"));
}

/// A layer may turn a failure into a success: the message is done, and the handler has sent nothing.
pub async fn may_forgive(env: &Env) {
    let worker = Worker::new(|_, ctx| {
        Box::pin(async move {
            ctx.send(Work { n: 2 }).to("error").await?;
            Err("no matter".into())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).layer(Around::new(|_, _| Ok(())))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    counts(&bus, "success", |counts| counts.handled == 1).await;
    bus.pause().await.unwrap();
    assert_eq!((bus.queue_depth("worker").await.unwrap(), bus.queue_depth("error").await.unwrap()), (0, 0));
}

/// A layer may fail a message whose handler succeeded: what that one sent does not leave.
pub async fn may_refuse(env: &Env) {
    let (tell, mut heard) = channel();
    let listener = super::contracts::Listener::new(move |n, _| {
        tell.tell(n);
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(listener)).await;
    let worker = Worker::new(|_, ctx| {
        Box::pin(async move {
            ctx.publish(Heard { n: ctx.attempt() }).await?;
            Ok(())
        })
    });
    let refuse = Around::new(|delivery, outcome| match delivery.attempt() {
        1 => Err("not the first".into()),
        _ => Ok(outcome?),
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1)).layer(refuse)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 2);
    counts(&bus, "success", |counts| counts.handled == 1).await;
    assert!(heard.rest().is_empty());
}

/// A layer that panics is a failure like any other.
pub async fn may_panic(env: &Env) {
    let worker = Worker::new(|_, _| Box::pin(async { Ok(()) }));
    let panics = Around::new(|_, _| panic!("in the layer"));
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(0)).layer(panics)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert!(text(&pull(&bus, "error").await, "PikaBus.ErrorDetails").unwrap().contains("in the layer"));
}

/// Layers see commands that no handler knows, too.
pub async fn see_unknown_commands(env: &Env) {
    let (tell, mut heard) = channel();
    let bus = env.start(env.bus().endpoint(fails_once()).retry(at_once(0)).layer(telling("it", tell))).await;
    inject(&*env.wire().await, "worker", command("Unheard.Of", "{}")).await;
    let (_, attempt, failure) = heard.next().await;
    assert_eq!(attempt, 1);
    assert!(failure.unwrap().contains("no handler"));
    pull(&bus, "error").await;
}
