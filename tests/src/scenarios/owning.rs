//! Events that have an owner: who may publish them, as seen at run time.

use leveret::{
    Bus, Context, HandlerError, HandlerResultExt, Message, StartError,
    bus::StartErrorKind,
    handler,
    publish::{SendError, SendErrorKind},
    topology::InvalidName,
};
use serde::{Deserialize, Serialize};

use super::{
    Env,
    contracts::{Work, Worker},
    steps::{Tell, channel, counts, pull, queue},
};

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, Message)]
#[message(command, endpoint = "ledger")]
struct Book {
    n: u32,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, Message)]
#[message(event, topic = "ledger.booked", owner = "ledger", mandatory = false)]
struct Booked {
    n: u32,
}

/// The owner.
struct Ledger;

#[handler(endpoint = "ledger")]
impl Ledger {
    #[handler]
    async fn book(&self, command: Book, ctx: &Context) -> Result<(), HandlerError> {
        ctx.publish(Booked { n: command.n }).await?;
        Ok(())
    }
}

/// Somebody else, who may well subscribe.
struct Auditor(Tell<u32>);

#[handler(endpoint = "auditor")]
impl Auditor {
    #[handler]
    async fn booked(&self, event: Booked) -> Result<(), HandlerError> {
        self.0.tell(event.n);
        Ok(())
    }
}

fn refused(publisher: Option<&str>) -> SendErrorKind {
    SendErrorKind::NotOwner { event: "Booked", owner: "ledger", publisher: publisher.map(str::to_owned) }
}

fn kind(result: Result<(), SendError>) -> SendErrorKind {
    result.unwrap_err().kind().clone()
}

/// By its bus, in its handlers, in a transaction, and by a sender that claims its name.
pub async fn the_owner_publishes(env: &Env) {
    let (tell, mut heard) = channel();
    env.start(env.bus().endpoint(Auditor(tell))).await;
    let ledger = env.start(env.bus().endpoint(Ledger)).await;
    let job = env.start(env.bus().claim("ledger")).await;
    ledger.publish(Booked { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 1);
    job.send(Book { n: 2 }).await.unwrap();
    assert_eq!(heard.next().await, 2);
    let tx = ledger.transaction();
    tx.publish(Booked { n: 3 }).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(heard.next().await, 3);
    job.publish(Booked { n: 4 }).await.unwrap();
    assert_eq!(heard.next().await, 4);
}

/// Neither the bus of another endpoint, nor a sender that claims another name or none, nor their transactions.
pub async fn nobody_else_publishes(env: &Env) {
    queue(env, "inspected").await;
    let worker = Worker::new(|_, _| Box::pin(async { Ok(()) }));
    let other = env.start(env.bus().endpoint(worker)).await;
    let claims_another = env.start(env.bus().claim("worker")).await;
    let nobody = env.sender().await;
    for (bus, publisher) in [(&other, Some("worker")), (&claims_another, Some("worker")), (&nobody, None)] {
        assert_eq!(kind(bus.publish(Booked { n: 1 }).await), refused(publisher));
        assert_eq!(kind(bus.publish(Booked { n: 1 }).exchange("").await), refused(publisher));
        let tx = bus.transaction();
        assert_eq!(kind(tx.publish(Booked { n: 1 }).await), refused(publisher));
        tx.send(Work { n: 1 }).to("inspected").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(pull(&nobody, "inspected").await.message_type().as_deref(), Some("Work"));
    }
    says(&other, "this is a bus of `worker`").await;
    says(&nobody, "`.claim(\"ledger\")`").await;
}

async fn says(bus: &Bus, what: &str) {
    let error = bus.publish(Booked { n: 1 }).await.unwrap_err();
    assert!(!error.is_retryable());
    let text = error.to_string();
    assert!(text.starts_with("`Booked` belongs to the endpoint `ledger`, and this"), "{text}");
    assert!(text.contains(what), "{text}");
}

/// A function that takes any context is judged when it runs, and what the handler sent besides does not leave.
pub async fn a_function_is_judged_when_it_runs(env: &Env) {
    let (tell, mut heard) = channel();
    env.start(env.bus().endpoint(Auditor(tell))).await;
    let (told, mut errors) = channel();
    let worker = Worker::new(move |work, ctx| {
        let told = told.clone();
        Box::pin(async move {
            let published = ctx.publish(Booked { n: work.n }).await;
            told.tell(published.as_ref().map_err(|error| error.kind().clone()).err());
            published.permanent()
        })
    });
    let bus = env.start(env.bus().endpoint(worker)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert_eq!(errors.next().await, Some(refused(Some("worker"))));
    counts(&bus, "failure", |counts| counts.failed == 1).await;
    assert!(heard.rest().is_empty());
}

/// What is no contract has no owner: gateways pass on what they are given.
pub async fn raw_events_are_not_judged(env: &Env) {
    let (tell, mut heard) = channel();
    env.start(env.bus().endpoint(Auditor(tell))).await;
    env.sender().await.publish_raw("ledger.booked", "Booked", r#"{"n":5}"#).await.unwrap();
    assert_eq!(heard.next().await, 5);
}

/// An endpoint has its own name, and a claim is the name of one.
pub async fn claims_without_sense(env: &Env) {
    let kind = |result: Result<Bus, StartError>| result.unwrap_err().kind().clone();
    let StartErrorKind::InvalidOption { reason } =
        kind(env.bus().endpoint(Ledger).claim("worker").start().await)
    else {
        panic!("the claim of an endpoint")
    };
    assert!(reason.contains("`claim` says \"worker\"") && reason.contains("\"ledger\""), "{reason}");
    for (claim, expected) in [
        ("", InvalidName::Empty { what: "endpoint name" }),
        ("error", InvalidName::ErrorQueue),
        ("shop.*", InvalidName::Wildcard { name: "shop.*".to_owned() }),
    ] {
        assert_eq!(
            kind(env.bus().claim(claim).start().await),
            StartErrorKind::InvalidName(expected),
            "{claim}"
        );
    }
}
