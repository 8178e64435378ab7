//! Transactions of a bus: messages that leave together, at their commit.

use leveret::{publish::SendErrorKind, transport::PublishErrorKind};

use super::{
    Env,
    contracts::{Done, Heard, Lost, Work},
    steps::{queue, within},
};

/// Nothing before the commit; then all, in order, however many.
pub async fn leave_in_order(env: &Env) {
    queue(env, "worker").await;
    let bus = env.sender().await;
    let tx = bus.transaction();
    for n in 0..500 {
        tx.send(Work { n }).to("worker").exchange("").await.unwrap();
    }
    assert_eq!((tx.len(), tx.is_empty()), (500, false));
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
    within("commit", tx.commit()).await.unwrap();
    for n in 0..500 {
        assert_eq!(bus.get("worker").await.unwrap().unwrap().ack().json::<Work>().unwrap(), Work { n });
    }
}

/// A transaction that is dropped, and an empty one, leave nothing.
pub async fn dropped_or_empty(env: &Env) {
    queue(env, "worker").await;
    let bus = env.sender().await;
    let tx = bus.transaction();
    tx.send(Work { n: 1 }).await.unwrap();
    drop(tx);
    bus.transaction().commit().await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
}

/// Of a commit that fails in part, the error tells each message's fate, and says it in words.
pub async fn failing_in_part(env: &Env) {
    queue(env, "worker").await;
    let bus = env.sender().await;
    let tx = bus.transaction();
    tx.send(Work { n: 1 }).await.unwrap();
    tx.send(Lost { n: 2 }).await.unwrap();
    tx.publish(Done { n: 3 }).await.unwrap();
    tx.publish(Heard { n: 4 }).await.unwrap();
    tx.send_raw("worker", "", "5").await.unwrap();
    let error = within("commit", tx.commit()).await.unwrap_err();
    let outcomes = &error.kind().outcomes;
    let told: Vec<_> = outcomes
        .iter()
        .map(|outcome| (outcome.message_type.as_deref(), outcome.address.as_str(), outcome.result.is_ok()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("Work"), "worker", true),
            (Some("Lost"), "nowhere", false),
            (Some("Done"), "things.done", false),
            (Some("Heard"), "things.heard", true),
            (None, "worker", true),
        ]
    );
    let unroutable = SendErrorKind::Broker(PublishErrorKind::Unroutable {
        exchange: "PikaBusTopic".to_owned(),
        routing_key: "things.done".to_owned(),
    });
    assert_eq!(outcomes[2].result, Err(unroutable));
    assert!(error.to_string().starts_with("2 of 5 messages were not confirmed; Lost "), "{error}");
    assert!(!error.is_retryable());
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 2);
}

/// A message that can never be sent is refused when it is added, and the rest can still be committed.
pub async fn refused_when_added(env: &Env) {
    queue(env, "worker").await;
    let bus = env.sender().await;
    let tx = bus.transaction();
    tx.send(Work { n: 1 }).await.unwrap();
    let error = tx.send(Work { n: 2 }).to(&"x".repeat(256)).await.unwrap_err();
    assert!(matches!(error.kind(), SendErrorKind::InvalidName(_)), "{error:?}");
    assert_eq!(tx.len(), 1);
    tx.commit().await.unwrap();
    assert_eq!(bus.queue_depth("worker").await.unwrap(), 1);
}

/// A commit after the shutdown says for each message that the bus is shut down.
pub async fn after_a_shutdown(env: &Env) {
    queue(env, "worker").await;
    let bus = env.sender().await;
    let tx = bus.transaction();
    tx.send(Work { n: 1 }).await.unwrap();
    bus.shutdown().await.unwrap();
    let error = tx.commit().await.unwrap_err();
    assert_eq!(error.kind().outcomes[0].result, Err(SendErrorKind::Broker(PublishErrorKind::Closed)));
}
