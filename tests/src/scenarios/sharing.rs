//! Several at once: handlers of one bus, and instances of one endpoint.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::sync::{Barrier, Notify};

use super::{
    Env,
    contracts::{Answer, Ask, Oracle, Work, Worker},
    steps::{channel, counts},
};

/// Never more handlers at once than the concurrency, however much is taken out ahead; and no fewer.
pub async fn as_many_as_the_concurrency(env: &Env) {
    const HANDLERS: usize = 3;
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (now, peak, meet) = (running.clone(), most.clone(), Arc::new(Barrier::new(HANDLERS)));
    let worker = Worker::new(move |_, _| {
        let (now, peak, meet) = (now.clone(), peak.clone(), meet.clone());
        Box::pin(async move {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            meet.wait().await;
            now.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).concurrency(HANDLERS).prefetch(30)).await;
    for n in 0..30 {
        bus.send(Work { n }).await.unwrap();
    }
    counts(&bus, "end of all", |counts| counts.handled == 30).await;
    assert_eq!(most.load(Ordering::SeqCst), HANDLERS);
    assert_eq!(running.load(Ordering::SeqCst), 0);
}

/// One handler at a time takes messages in the order in which they were sent.
pub async fn one_after_the_other(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |work, _| {
        let tell = tell.clone();
        Box::pin(async move {
            tokio::task::yield_now().await;
            tell.tell(work.n);
            Ok(())
        })
    });
    let bus = env.start(env.bus().endpoint(worker).concurrency(1).prefetch(50)).await;
    for n in 0..200 {
        bus.send(Work { n }).await.unwrap();
    }
    assert!(heard.take(200).await.into_iter().eq(0..200));
}

/// Instances of one endpoint share the work: each message is handled once, and nobody waits for the other.
pub async fn competing_instances(env: &Env) {
    let meet = Arc::new(Barrier::new(2));
    let (tell, mut heard) = channel();
    for instance in 0..2 {
        let (meet, tell) = (meet.clone(), tell.clone());
        let worker = Worker::new(move |work, _| {
            let (meet, tell) = (meet.clone(), tell.clone());
            Box::pin(async move {
                meet.wait().await; // both are at work, or nobody comes any further
                tell.tell((instance, work.n));
                Ok(())
            })
        });
        env.start(env.bus().endpoint(worker).concurrency(1)).await;
    }
    let bus = env.sender().await;
    for n in 0..40 {
        bus.send(Work { n }).await.unwrap();
    }
    let all = heard.take(40).await;
    assert_eq!(all.iter().map(|(_, n)| *n).collect::<BTreeSet<_>>().len(), 40);
    assert_eq!(all.iter().filter(|(instance, _)| *instance == 0).count(), 20);
}

/// Replies find the instance that asked, whichever instance of the same endpoint that is.
pub async fn replies_find_their_instance(env: &Env) {
    env.start(env.bus().endpoint(Oracle::echo())).await;
    let mut instances = Vec::new();
    for _ in 0..3 {
        let worker = Worker::new(|_, _| Box::pin(async { Ok(()) }));
        instances.push(env.start(env.bus().endpoint(worker)).await);
    }
    for n in 0..30 {
        for (i, bus) in (0..).zip(&instances) {
            assert_eq!(bus.request(Ask { n: n * 10 + i }).await.unwrap(), Answer { n: n * 10 + i });
        }
    }
    assert!(instances.iter().all(|bus| bus.counts().replies_late == 0));
}

/// A handler may request from another handler of its own endpoint, as long as there is a place for it.
pub async fn a_handler_that_asks_its_own_endpoint(env: &Env) {
    let oracle = Oracle::new(|ask, ctx| {
        Box::pin(async move {
            if ask.n == 0 {
                return Ok(Answer { n: 0 });
            }
            let below = ctx.request(Ask { n: ask.n - 1 }).await?;
            Ok(Answer { n: below.n + 1 })
        })
    });
    env.start(env.bus().endpoint(oracle).concurrency(8)).await;
    assert_eq!(env.sender().await.request(Ask { n: 7 }).await.unwrap(), Answer { n: 7 });
}

/// What one instance has taken out ahead and not begun goes to another when it pauses.
pub async fn what_has_not_begun_goes_to_another(env: &Env) {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, mut heard) = channel();
    let (first_begun, first_go, first_tell) = (begun.clone(), go.clone(), tell.clone());
    let slow = Worker::new(move |work, _| {
        let (begun, go, tell) = (first_begun.clone(), first_go.clone(), first_tell.clone());
        Box::pin(async move {
            begun.notify_one();
            go.notified().await;
            tell.tell(("slow", work.n));
            Ok(())
        })
    });
    let first = env.start(env.bus().endpoint(slow).concurrency(1).prefetch(10)).await;
    for n in 0..10 {
        first.send(Work { n }).await.unwrap();
    }
    begun.notified().await;
    let quick = Worker::new(move |work, _| {
        tell.tell(("quick", work.n));
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(quick)).await;
    let pausing = tokio::spawn({
        let first = first.clone();
        async move { first.pause().await }
    });
    let mut quickly: Vec<_> = heard.take(9).await;
    quickly.sort_unstable();
    assert!(quickly.iter().all(|(who, _)| *who == "quick"), "{quickly:?}");
    go.notify_one();
    assert_eq!(heard.next().await, ("slow", 0));
    pausing.await.unwrap().unwrap();
}
