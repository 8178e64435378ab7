//! What a bus keeps in memory, measured in a process of its own: `growth losses URL` and `growth outage URL`. Says what
//! it has measured on its output, and fails when it has grown.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that cannot be made fails")]

use std::{
    env, panic, process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use leveret::Bus;
use leveret_tests::{
    proxy::Proxy,
    scenarios::contracts::{Work, Worker},
};
use peak_alloc::PeakAlloc;
use tokio::{
    runtime::Handle,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main(worker_threads = 2)]
async fn main() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        usual(info);
        process::abort(); // in whatever task it was
    }));
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["losses", url] => losses(url).await,
        ["outage", url] => outage(url).await,
        _ => panic!("growth losses URL, or growth outage URL"),
    }
}

fn kib() -> usize {
    MEMORY.current_usage() / 1024
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// A network before the broker at this URL, and the URL by way of it.
async fn network(url: &str) -> (Proxy, String) {
    let port = url.rsplit_once('@').unwrap().1.split(['/', ':']).nth(1).unwrap().parse().unwrap();
    let proxy = Proxy::start(port).await;
    let url = proxy.url(url);
    (proxy, url)
}

/// Five buses lose both connections 20 times, and messages go through between: after 200 losses there is no more than
/// after 50.
async fn losses(url: &str) {
    const BUSES: u32 = 5;
    let (network, url) = network(url).await;
    let handled = Arc::new(AtomicU32::new(0));
    let mut buses = Vec::new();
    for _ in 0..BUSES {
        let handled = handled.clone();
        let worker = Worker::new(move |_, _| {
            handled.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(()) })
        });
        buses.push(Bus::builder(&url).endpoint(worker).start().await.unwrap());
    }
    let (mut losses, mut at_fifty) = (0, (0, 0));
    while losses < 200 {
        let accepted = network.accepted();
        network.cut();
        losses += 2 * BUSES;
        until(async || {
            network.accepted() >= accepted + buses.len() * 2
                && buses.iter().all(|bus| bus.health().is_healthy())
        })
        .await;
        let due = handled.load(Ordering::Relaxed) + BUSES;
        for (n, bus) in (0..).zip(&buses) {
            bus.send(Work { n }).await.unwrap();
        }
        until(async || handled.load(Ordering::Relaxed) >= due).await;
        if losses == 50 {
            at_fifty = least().await;
        }
    }
    let (fifty, end) = (at_fifty, least().await);
    println!(
        "after 50 losses {} KiB in {} tasks, after 200 {} KiB in {} tasks",
        fifty.0, fifty.1, end.0, end.1
    );
    assert!(end.1 <= fifty.1, "tasks are left");
    // Less than 1 KiB for each further loss: a buffer, a channel or a task that is forgotten each time is more.
    assert!(end.0 <= fifty.0 + 100, "memory is left");
    for bus in buses {
        bus.shutdown().await.unwrap();
    }
}

/// The least there is within two seconds: what is on its way out is not counted.
async fn least() -> (usize, usize) {
    let mut least = (usize::MAX, usize::MAX);
    for _ in 0..40 {
        sleep(Duration::from_millis(50)).await;
        least = (least.0.min(kib()), least.1.min(tasks()));
    }
    least
}

/// 5,000 sends a second of 1 KiB go on for 20 s while the broker is out of reach, each with a second to get through. In
/// the second half there is no more than in the first: what cannot be sent is given back, and nothing piles up.
async fn outage(url: &str) {
    const A_SECOND: u32 = 5_000;
    let (network, url) = network(url).await;
    let bus = Bus::builder(url).connection_timeout(Duration::from_secs(2)).start().await.unwrap();
    let before = kib();
    network.refuse();
    let mut sends = JoinSet::new();
    let mut tick = interval(Duration::from_millis(10));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (started, mut first, mut second, mut most_unconfirmed) = (Instant::now(), 0, 0, 0);
    for n in 0..20 * A_SECOND {
        if n % (A_SECOND / 100) == 0 {
            tick.tick().await;
            while sends.try_join_next().is_some() {}
            most_unconfirmed = most_unconfirmed.max(bus.health().unconfirmed.count);
            let peak = if n < 10 * A_SECOND { &mut first } else { &mut second };
            *peak = kib().max(*peak);
        }
        let bus = bus.clone();
        sends.spawn(async move {
            let _ = bus
                .send(Work { n })
                .header("filling", "x".repeat(1024))
                .timeout(Duration::from_secs(1))
                .await;
        });
    }
    println!(
        "{} sends in {:?} without a broker: {before} KiB before, at most {first} KiB in the first half and {second} \
         KiB in the second, {most_unconfirmed} unconfirmed",
        20 * A_SECOND,
        started.elapsed()
    );
    assert!(second <= first + first / 4, "memory grows with the outage");
    assert!(most_unconfirmed <= 1_000, "more than the window");
    timeout(PATIENCE, sends.join_all()).await.unwrap();
    network.heal();
    until(async || bus.health().connected).await;
    println!("{} KiB after all sends have ended", least().await.0);
    bus.shutdown().await.unwrap();
}

async fn until(mut holds: impl AsyncFnMut() -> bool) {
    let held = async {
        while !holds().await {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, held).await.unwrap();
}
