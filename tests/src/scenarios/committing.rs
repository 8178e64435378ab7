//! What a handler sends leaves when it has succeeded, all together.

use super::{
    Env,
    contracts::{Answer, Ask, Done, Heard, Listener, Oracle, Work, Worker, at_once},
    steps::{channel, counts, pull, queue},
};

/// A run that fails has sent nothing; the one that succeeds sends everything, once.
pub async fn all_of_the_run_that_succeeds(env: &Env) {
    let (tell, mut heard) = channel();
    let listener = Listener::new(move |n, _| {
        tell.tell(n);
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(listener)).await;
    queue(env, "sent").await;
    let worker = Worker::new(|_, ctx| {
        Box::pin(async move {
            ctx.publish(Done { n: ctx.attempt() }).await?;
            ctx.send(Work { n: ctx.attempt() }).to("sent").await?;
            ctx.send_raw("sent", "Raw", "raw").await?;
            match ctx.attempt() {
                1 => Err("the first run".into()),
                2 => panic!("the second run"),
                _ => Ok(()),
            }
        })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(5))).await;
    bus.send(Work { n: 0 }).await.unwrap();
    assert_eq!(heard.next().await, 3);
    counts(&bus, "success", |counts| counts.handled == 1).await;
    assert_eq!(pull(&bus, "sent").await.json::<Work>().unwrap(), Work { n: 3 });
    assert_eq!(pull(&bus, "sent").await.body(), b"raw");
    assert_eq!(bus.queue_depth("sent").await.unwrap(), 0);
    assert!(heard.rest().is_empty());
}

/// A handler that is given up after its last retry has sent nothing either, and its requester gets no reply.
pub async fn nothing_of_a_message_that_fails_for_good(env: &Env) {
    queue(env, "sent").await;
    let worker = Worker::new(|_, ctx| {
        Box::pin(async move {
            ctx.send(Work { n: 1 }).to("sent").await?;
            ctx.publish(Heard { n: 1 }).await?;
            Err("never".into())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(2))).await;
    bus.send(Work { n: 0 }).await.unwrap();
    pull(&bus, "error").await;
    assert_eq!(bus.queue_depth("sent").await.unwrap(), 0);
}

/// A message is acknowledged only when all that its handler sent is confirmed: what was sent is there before the count.
pub async fn before_the_message_is_done(env: &Env) {
    queue(env, "sent").await;
    let worker = Worker::new(|_, ctx| {
        Box::pin(async move {
            for n in 0..100 {
                ctx.send(Work { n }).to("sent").exchange("").await?;
            }
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker)).await;
    bus.send(Work { n: 0 }).await.unwrap();
    counts(&bus, "success", |counts| counts.handled == 1).await;
    for n in 0..100 {
        assert_eq!(bus.get("sent").await.unwrap().unwrap().ack().json::<Work>().unwrap(), Work { n });
    }
}

/// A request leaves at once, though the handler has sent nothing yet and fails later.
pub async fn but_not_requests(env: &Env) {
    let (tell, mut heard) = channel();
    let oracle = Oracle::new(move |ask, _| {
        tell.tell(ask.n);
        Box::pin(async move { Ok(Answer { n: ask.n }) })
    });
    env.start(env.bus().endpoint(oracle)).await;
    let worker = Worker::new(|_, ctx| {
        Box::pin(async move {
            ctx.send(Ask { n: 100 }).await?;
            let answer = ctx.request(Ask { n: ctx.attempt() }).await?;
            if answer.n == 1 { Err("once more".into()) } else { Ok(()) }
        })
    });
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1))).await;
    bus.send(Work { n: 0 }).await.unwrap();
    assert_eq!(heard.take(3).await, [1, 2, 100]);
}

/// Two commands that are handled at the same time have a transaction each.
pub async fn each_message_by_itself(env: &Env) {
    queue(env, "sent").await;
    let meet = std::sync::Arc::new(tokio::sync::Barrier::new(2));
    let worker = Worker::new(move |work, ctx| {
        let meet = meet.clone();
        Box::pin(async move {
            ctx.send(work.clone()).to("sent").await?;
            meet.wait().await;
            if work.n == 1 { Err("one of both".into()) } else { Ok(()) }
        })
    });
    let bus = env.start(env.bus().endpoint(worker).concurrency(2).retry(at_once(0))).await;
    bus.send(Work { n: 1 }).await.unwrap();
    bus.send(Work { n: 2 }).await.unwrap();
    counts(&bus, "end of both", |counts| (counts.handled, counts.moved_to_error) == (1, 1)).await;
    assert_eq!(pull(&bus, "sent").await.json::<Work>().unwrap(), Work { n: 2 });
    assert_eq!(bus.queue_depth("sent").await.unwrap(), 0);
}
