//! Requests: commands whose reply is awaited.

use std::{sync::Arc, time::Duration};

use leveret::{
    publish::SendErrorKind,
    request::RequestErrorKind,
    transport::{PublishErrorKind, TransportErrorKind},
};
use tokio::sync::Notify;

use super::{
    Env,
    contracts::{Answer, Ask, Lost, Oracle, Work, Worker},
    steps::{bare, channel, counts, inject, within},
};

/// Many requests at a time, each with its own reply.
pub async fn each_gets_its_own_reply(env: &Env) {
    env.start(env.bus().endpoint(Oracle::echo())).await;
    let bus = env.sender().await;
    let mut asking = tokio::task::JoinSet::new();
    for n in 0..200 {
        let bus = bus.clone();
        asking.spawn(async move { (n, bus.request(Ask { n }).await.unwrap()) });
    }
    while let Some(asked) = within("reply", asking.join_next()).await {
        let (n, answer) = asked.unwrap();
        assert_eq!(answer, Answer { n });
    }
    assert_eq!(bus.counts().replies_late, 0);
}

/// Two requests of one handler, answered in the other order, are not mixed up; they leave at once, and what the handler
/// sends leaves after it.
pub async fn two_in_one_handler(env: &Env) {
    let second = Arc::new(Notify::new());
    let oracle = Oracle::new(move |ask, _| {
        let second = second.clone();
        Box::pin(async move {
            match ask.n {
                1 => second.notified().await,
                _ => second.notify_one(),
            }
            Ok(Answer { n: ask.n })
        })
    });
    env.start(env.bus().endpoint(oracle).concurrency(2)).await;
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        let tell = tell.clone();
        Box::pin(async move {
            let answers = tokio::join!(ctx.request(Ask { n: 1 }), ctx.request(Ask { n: 2 }));
            tell.tell((answers.0?.n, answers.1?.n));
            Ok(())
        })
    });
    env.start(env.bus().endpoint(worker)).await;
    env.sender().await.send(Work { n: 0 }).await.unwrap();
    assert_eq!(heard.next().await, (1, 2));
}

/// A request that times out says so; the reply that comes later is ignored and counted, and harms no other request.
pub async fn late_replies_are_ignored(env: &Env) {
    let (go, gone) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (wait, arrived) = (go.clone(), gone.clone());
    let oracle = Oracle::new(move |ask, _| {
        let (wait, arrived) = (wait.clone(), arrived.clone());
        Box::pin(async move {
            if ask.n == 1 {
                arrived.notify_one();
                wait.notified().await;
            }
            Ok(Answer { n: ask.n })
        })
    });
    env.start(env.bus().endpoint(oracle)).await;
    let bus = env.sender().await;
    let after = Duration::from_millis(100);
    let error = bus.request(Ask { n: 1 }).timeout(after).await.unwrap_err();
    assert_eq!(error.kind(), &RequestErrorKind::TimedOut { after });
    within("command", gone.notified()).await;
    go.notify_one();
    counts(&bus, "late reply", |counts| counts.replies_late == 1).await;
    assert_eq!(bus.request(Ask { n: 2 }).await.unwrap(), Answer { n: 2 });
}

/// A request is correlated by its own id, and what it belonged to is its conversation; a handler passes both on.
pub async fn correlation_and_conversation(env: &Env) {
    type Ids = (Option<String>, Option<String>, Option<String>);
    let (tell, mut heard) = channel::<Ids>();
    let oracle = Oracle::new(move |ask, ctx| {
        tell.tell((ctx.message_id(), ctx.correlation_id(), ctx.conversation_id()));
        Box::pin(async move { Ok(Answer { n: ask.n }) })
    });
    env.start(env.bus().endpoint(oracle)).await;
    let worker = Worker::new(move |_, ctx| {
        Box::pin(async move {
            ctx.request(Ask { n: 1 }).await?;
            ctx.send(Ask { n: 2 }).await?;
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker)).await;

    bus.request(Ask { n: 0 }).await.unwrap();
    let (id, correlation, conversation) = heard.next().await;
    assert!(id.is_some());
    assert_eq!((correlation, conversation), (id, None), "a request that belongs to nothing");

    bus.send(Work { n: 0 }).correlation_id("saga").await.unwrap();
    let (id, correlation, conversation) = heard.next().await;
    assert_eq!((correlation, conversation.as_deref()), (id.clone(), Some("saga")));
    let (sent, correlation, conversation) = heard.next().await;
    assert_ne!(sent, id);
    assert_eq!((correlation.as_deref(), conversation), (Some("saga"), None));
}

/// What a handler of a request sends belongs to the request, and still says which conversation that was.
pub async fn what_a_requested_handler_sends(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |_, ctx| {
        tell.tell((ctx.correlation_id(), ctx.conversation_id()));
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(worker)).await;
    let (asked, mut ids) = channel();
    let oracle = Oracle::new(move |ask, ctx| {
        let asked = asked.clone();
        Box::pin(async move {
            if ask.n == 0 {
                ctx.request(Ask { n: 1 }).await?;
            } else {
                asked.tell(ctx.message_id());
                ctx.send(Work { n: 1 }).await?;
            }
            Ok(Answer { n: ask.n })
        })
    });
    env.start(env.bus().endpoint(oracle)).await;
    env.sender().await.send(Ask { n: 0 }).correlation_id("saga").await.unwrap();
    let (correlation, conversation) = heard.next().await;
    assert_eq!((correlation, conversation.as_deref()), (ids.next().await, Some("saga")));
}

/// A command that cannot be sent fails at once, and a wait that the reply queue would not outlive as well.
pub async fn that_cannot_be_made(env: &Env) {
    let bus = env.sender().await;
    let error = bus.request(Lost { n: 1 }).await.unwrap_err();
    let RequestErrorKind::Send(SendErrorKind::Broker(PublishErrorKind::Unroutable { exchange, routing_key })) =
        error.kind()
    else {
        panic!("{error:?}")
    };
    assert_eq!((exchange.as_str(), routing_key.as_str()), ("PikaBusDirect", "nowhere"));
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let error = bus.request(Ask { n: 1 }).timeout(week).await.unwrap_err();
    assert!(matches!(error.kind(), RequestErrorKind::TimeoutTooLong { timeout, .. } if *timeout == week));
    let forever = bus.request(Ask { n: 1 }).timeout(Duration::MAX).await.unwrap_err();
    assert!(matches!(forever.kind(), RequestErrorKind::TimeoutTooLong { .. }));
}

/// A reply that is not what the contract promises is an error that says so, at once.
pub async fn a_reply_that_does_not_fit(env: &Env) {
    let (tell, mut heard) = channel();
    let oracle = Oracle::new(move |_, ctx| {
        tell.tell((ctx.reply_to(), ctx.message_id()));
        Box::pin(std::future::pending())
    });
    env.start(env.bus().endpoint(oracle).shutdown_timeout(Duration::from_millis(10))).await;
    let bus = env.sender().await;
    let asking = tokio::spawn(async move { bus.request(Ask { n: 1 }).await });
    let (reply_to, id) = heard.next().await;
    // As PikaBus replies: by the correlation id alone.
    let reply = bare([("PikaBus.CorrelationId", id.unwrap().into())], r#"{"n":"one"}"#);
    inject(&*env.wire().await, &reply_to.unwrap(), reply).await;
    let error = within("reply", asking).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), &RequestErrorKind::Undecodable);
}

/// A shutdown ends the wait. The reply queue goes with the bus when every request has its answer, and else stays, so
/// that the one who answers finds it.
pub async fn a_shutdown_ends_the_wait(env: &Env) {
    let (tell, mut heard) = channel();
    let oracle = Oracle::new(move |ask, ctx| {
        tell.tell(ctx.reply_to().unwrap());
        Box::pin(async move {
            match ask.n {
                0 => Ok(Answer { n: 0 }),
                _ => std::future::pending().await,
            }
        })
    });
    env.start(env.bus().endpoint(oracle).shutdown_timeout(Duration::from_millis(10))).await;
    let witness = env.sender().await;

    let answered = env.start(env.bus().instance("one")).await;
    answered.request(Ask { n: 0 }).await.unwrap();
    let queue = heard.next().await;
    assert_eq!(queue, "leveret.replies.one");
    answered.shutdown().await.unwrap();
    let error = witness.queue_depth(&queue).await.unwrap_err();
    assert!(
        matches!(error.kind(), leveret::bus::BusErrorKind::Broker(TransportErrorKind::NotFound { .. })),
        "{error:?}"
    );

    let waiting = env.start(env.bus().instance("two")).await;
    let bus = waiting.clone();
    let asking = tokio::spawn(async move { bus.request(Ask { n: 1 }).await });
    let queue = heard.next().await;
    waiting.shutdown().await.unwrap();
    let error = within("end of the wait", asking).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), &RequestErrorKind::Closed);
    assert_eq!(witness.queue_depth(&queue).await.unwrap(), 0);
    let error = waiting.request(Ask { n: 2 }).await.unwrap_err();
    assert_eq!(error.kind(), &RequestErrorKind::Closed);
}

/// A command and its header can be requested from another queue than the contract's.
pub async fn from_another_queue(env: &Env) {
    let error = env.sender().await.request(Ask { n: 1 }).to("elsewhere").await.unwrap_err();
    assert!(error.to_string().contains("`elsewhere`"), "{error}");
    let (tell, mut heard) = channel();
    let oracle = Oracle::new(move |ask, ctx| {
        tell.tell(ctx.headers().text("shop").map(str::to_owned));
        Box::pin(async move { Ok(Answer { n: ask.n }) })
    });
    env.start(env.bus().endpoint(oracle)).await;
    env.sender()
        .await
        .request(Lost { n: 4 })
        .to("oracle")
        .header("shop", "7")
        .timeout(Duration::from_secs(1))
        .header("PikaBus.MessageType", "Ask")
        .await
        .unwrap();
    assert_eq!(heard.next().await.as_deref(), Some("7"));
}
