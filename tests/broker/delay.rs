//! What waits in the levels of the broker's delay: through the death of the broker, and as cheaply as it can.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use leveret::{Bus, RetryPolicy, topology::QueueOptions};
use leveret_tests::{
    broker::{Broker, Permissions},
    ledger::Ledger,
    scenarios::contracts::{Work, Worker},
};
use tokio::{process::Command, sync::mpsc, task::JoinSet, time::timeout};

use crate::{
    amqp_support::PATIENCE,
    faults_support::{DIRECTORY_WRITTEN, kinds, victim},
};

const SECOND: Duration = Duration::from_secs(1);

/// Tells which message has come, and when.
fn telling() -> (Worker, mpsc::UnboundedReceiver<(u32, Instant)>) {
    let (tell, told) = mpsc::unbounded_channel();
    let worker = Worker::new(move |work, _| {
        let _ = tell.send((work.n, Instant::now()));
        Box::pin(async { Ok(()) })
    });
    (worker, told)
}

async fn next<T>(told: &mut mpsc::UnboundedReceiver<T>) -> T {
    timeout(PATIENCE, told.recv()).await.expect("a message comes").expect("the endpoint lives")
}

async fn start(url: &str, queue: QueueOptions, worker: Worker) -> Bus {
    Bus::builder(url).queue(queue).endpoint(worker).start().await.unwrap()
}

/// None is lost, and none is early: neither the deferred ones nor those that wait to be tried again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_broker_keeps_what_waits() {
    const MESSAGES: u32 = 200;
    // They pass from the first level on after 33 s, when the broker is there again: what 3.10 dead-letters while it
    // still recovers its exchanges, it tries again only minutes later.
    const WAIT: Duration = Duration::from_secs(40);
    let mut broker = victim().await;
    let mut services = Vec::new();
    for (kind, queue) in kinds() {
        let vhost = broker.vhost().await;
        let ledger = Arc::new(Ledger::default());
        let started = Instant::now();
        let worker = Worker::new({
            let ledger = ledger.clone();
            move |work, ctx| {
                let is_retry = ctx.attempt() > 1;
                if is_retry || work.n % 2 == 0 {
                    let due = if is_retry { WAIT } else { WAIT + SECOND * (work.n % 5) };
                    assert!(started.elapsed() >= due, "{} is early", work.n);
                    ledger.handles(work.n.into());
                    return Box::pin(async { Ok(()) });
                }
                Box::pin(async { Err("not yet".into()) })
            }
        });
        let policy = RetryPolicy::fixed(WAIT).max_retries(1);
        let builder = Bus::builder(vhost.url()).queue(queue).endpoint(worker).retry(policy);
        let bus = builder.start().await.unwrap();
        services.push((kind, vhost, ledger, bus));
    }
    for (_, _, ledger, bus) in &services {
        let mut sends = JoinSet::new();
        for n in 0..MESSAGES {
            let (bus, ledger) = (bus.clone(), ledger.clone());
            let delay = if n % 2 == 0 { WAIT + SECOND * (n % 5) } else { Duration::ZERO };
            sends.spawn(async move { ledger.send(n.into(), bus.defer(Work { n }, delay)).await.unwrap() });
        }
        sends.join_all().await;
    }
    tokio::time::sleep(DIRECTORY_WRITTEN).await;
    broker.kill().await;
    broker.start_again().await;
    for (kind, vhost, ledger, bus) in services {
        let balance = ledger.balances().await;
        println!("{kind}: {balance:?}, {:?}", bus.counts());
        assert_eq!(balance.handled, MESSAGES as usize, "{kind}");
        bus.shutdown().await.unwrap();
        assert!(vhost.list_queues().await.iter().all(|queue| queue.name != "error" || queue.messages == 0));
    }
}

/// Somebody deletes the levels while the bus runs: the next message that needs them brings them back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleted_levels_come_back() {
    let (broker, vhost) = (Broker::shared().await, Broker::shared().await.vhost().await);
    let (worker, mut told) = telling();
    let bus = start(&vhost.url(), QueueOptions::quorum(), worker).await;
    bus.defer(Work { n: 1 }, Duration::from_millis(200)).await.unwrap();
    assert_eq!(next(&mut told).await.0, 1);
    let name = |level: &str| format!("{{resource, <<\"{}\">>, exchange, <<\"{level}\">>}}", vhost.name());
    for level in ["leveret.delay.v1.16.3", "leveret.delay.v1.16.delivery"] {
        let delete = format!("rabbit_exchange:delete({}, false, <<\"leveret-tests\">>)", name(level));
        assert_eq!(broker.eval(&delete).await, "ok");
    }
    bus.defer(Work { n: 2 }, Duration::from_millis(200)).await.unwrap();
    assert_eq!(next(&mut told).await.0, 2);
    bus.shutdown().await.unwrap();
}

/// A service that may not configure the broker delays by the levels that another one has declared.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_without_permission_to_configure() {
    let (broker, vhost) = (Broker::shared().await, Broker::shared().await.vhost().await);
    let (worker, mut told) = telling();
    let owner = start(&vhost.url(), QueueOptions::quorum(), worker).await;
    broker.add_user("humble", "secret").await;
    let permissions = Permissions { configure: "^$", write: ".*", read: ".*" };
    broker.set_permissions("humble", vhost.name(), permissions).await;
    let url = broker.url_for("humble", "secret", vhost.name());
    let humble = Bus::builder(&url).declare(false).start().await.unwrap();
    let error = humble.defer(Work { n: 1 }, SECOND).await.unwrap_err().to_string();
    assert!(error.contains("no exchange 'leveret.delay.v1.16."), "{error}");
    owner.defer(Work { n: 2 }, Duration::from_millis(50)).await.unwrap();
    humble.defer(Work { n: 3 }, Duration::from_millis(300)).await.unwrap();
    assert_eq!([next(&mut told).await.0, next(&mut told).await.0], [2, 3]);
    humble.shutdown().await.unwrap();
    owner.shutdown().await.unwrap();
}

/// In a process and on a broker of its own, where nothing else takes time.
async fn measure(arguments: [&str; 3]) {
    let mut delay = Command::new(env!("CARGO_BIN_EXE_delay"));
    let output = timeout(3 * PATIENCE, delay.args(arguments).kill_on_drop(true).output());
    let output = output.await.expect("it ends").unwrap();
    let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
    println!("{}", said(&output.stdout));
    assert!(output.status.success(), "{}\n{}", said(&output.stdout), said(&output.stderr));
}

/// Not much later than the levels themselves let them go.
#[tokio::test]
async fn messages_are_punctual() {
    measure(["late", "2000", "4"]).await;
}

#[tokio::test]
async fn waiting_costs_nothing() {
    measure(["wait", "2000", "16"]).await;
}
