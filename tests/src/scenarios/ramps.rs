//! When failed messages are tried again, and by whose word. Run under a paused clock.

use std::time::Duration;

use async_trait::async_trait;
use leveret::{
    RetryPolicy,
    retry::{ErrorHandler, Failed, Verdict},
};
use tokio::time::Instant;

use super::{
    Env,
    contracts::{Work, Worker, at_once},
    steps::{Hear, channel, counts, pull},
};

const SECOND: Duration = Duration::from_secs(1);

fn failing() -> (Worker, Hear<Instant>) {
    let (tell, heard) = channel();
    let worker = Worker::new(move |_, _| {
        tell.tell(Instant::now());
        Box::pin(async { Err("no".into()) })
    });
    (worker, heard)
}

/// The waits between the runs of a message that always fails, in whole seconds.
async fn waits(env: &Env, policy: RetryPolicy, runs: usize) -> Vec<u64> {
    let (worker, mut heard) = failing();
    let bus = env.start(env.bus().endpoint(worker).retry(policy)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let mut times = Vec::new();
    for _ in 0..runs {
        times.push(heard.within_days().await);
    }
    pull(&bus, "error").await;
    bus.shutdown().await.unwrap();
    times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect()
}

/// PikaBus' ramp, and those of other shapes.
pub async fn of_each_shape(env: &Env) {
    let minute = 60 * SECOND;
    for (policy, expected) in [
        (RetryPolicy::pikabus(), vec![2, 4, 6, 8, 10]),
        (RetryPolicy::linear(minute).max_delay(2 * minute), vec![60, 120, 120, 120, 120]),
        (RetryPolicy::exponential(minute).jitter(0.0).max_retries(3), vec![60, 120, 240]),
        (RetryPolicy::delays([3 * SECOND, 900 * SECOND]).immediate(1), vec![0, 3, 900]),
    ] {
        assert_eq!(waits(env, policy.clone(), expected.len() + 1).await, expected, "{policy:?}");
    }
}

struct Asleep;

#[async_trait]
impl ErrorHandler for Asleep {
    async fn decide(&self, _: &Failed<'_>) -> Verdict {
        std::future::pending().await
    }
}

/// An error handler that never answers holds a message for ten seconds; then the policy decides.
pub async fn without_an_answer(env: &Env) {
    let (worker, mut heard) = failing();
    let bus = env.start(env.bus().endpoint(worker).retry(at_once(1)).error_handler(Asleep)).await;
    bus.send(Work { n: 1 }).await.unwrap();
    let (first, second) = (heard.within_days().await, heard.within_days().await);
    assert_eq!((second - first).as_secs(), 10);
    counts(&bus, "move", |counts| counts.moved_to_error == 1).await;
}
