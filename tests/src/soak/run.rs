use std::{
    convert::Infallible,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::watch,
    time::{MissedTickBehavior, interval, sleep},
};

use super::{
    drain,
    injector::{self, Outage},
    options::SoakOptions,
    pace::Pace,
    panics, process,
    report::{Report, Usage},
    schedule::Schedule,
    sender,
    world::{ENDPOINT, World},
};
use crate::broker::Broker;

/// How often a line of progress is printed.
const PROGRESS: Duration = Duration::from_secs(5);

/// How long the tasks of buses that are shut down may take to end.
const END_OF_TASKS: Duration = Duration::from_secs(10);

/// Soaks a private broker, and prints what came of it; whether all was well.
///
/// # Errors
/// In a sentence, when the run could not be made or ended.
pub async fn run(options: SoakOptions) -> Result<bool, String> {
    panics::watch();
    let mut broker = Broker::start().await;
    println!("soak: RabbitMQ {}, {options}", broker.version().await);
    let tasks_before = process::tasks();
    let world = Arc::new(World::start(&broker.url(), options.queue).await?);
    let start = usage();
    let started = Instant::now();
    let (faults, faults_seen) = watch::channel(0);
    let (longest_outage, outages) = tokio::select! {
        result = soak(&options, &mut broker, &world, &faults) => result,
        never = progress(&world, faults_seen) => match never {},
    };
    let time = started.elapsed();
    println!("no more is sent; waiting for what is on its way");
    drain::drain(&world).await;
    let (in_error, error_examples) = drain::in_error(&world).await?;
    let (end, ledger) = (usage(), world.ledger.clone());
    Arc::into_inner(world).ok_or("a sender is left")?.shutdown().await?;
    let tasks_after = tasks_left(tasks_before).await;
    let queues = broker.list_queues("/").await;
    let report = Report {
        time,
        balance: ledger.balance(),
        outages,
        longest_outage,
        in_error,
        error_examples,
        left_in_queue: queues.iter().find(|queue| queue.name == ENDPOINT).map_or(0, |queue| queue.messages),
        start,
        end,
        peak_kib: process::memory().1,
        tasks_before,
        tasks_after,
        panics: panics::count(),
    };
    println!("{report}");
    let complaints = report.complaints();
    for complaint in &complaints {
        println!("WRONG: {complaint}");
    }
    Ok(complaints.is_empty())
}

/// Sends and injects at the same time. Sending ends after the last fault, so that each can be recovered from.
async fn soak(
    options: &SoakOptions,
    broker: &mut Broker,
    world: &Arc<World>,
    faults: &watch::Sender<u32>,
) -> (Duration, Vec<Outage>) {
    let pace = Arc::new(Pace::new());
    let (over, is_over) = watch::channel(false);
    let schedule = Schedule::new(options.seed, &options.faults);
    let injecting = async {
        let outages = injector::inject(broker, schedule, world, is_over, faults).await;
        pace.close();
        outages
    };
    let sending = sender::send_all(world.clone(), pace.clone());
    let (longest, outages, ()) = tokio::join!(sending, injecting, pace.run(options, world, over));
    (longest, outages)
}

async fn progress(world: &World, faults: watch::Receiver<u32>) -> Infallible {
    let (started, mut before) = (Instant::now(), 0);
    let mut tick = interval(PROGRESS);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tick.tick().await;
    loop {
        tick.tick().await;
        let counts = world.ledger.counts();
        let rate = (counts.ok - before) / PROGRESS.as_secs();
        println!(
            "{:>5} s: sent {}, handled {}, doubled {}, unknown {}, not sent {}, failed {}, faults {}, {rate} a second, oldest unconfirmed {} ms",
            started.elapsed().as_secs(),
            counts.ok,
            counts.handled,
            counts.duplicated,
            counts.unknown,
            counts.not_sent,
            counts.failed,
            *faults.borrow(),
            world.oldest_unconfirmed().as_millis(),
        );
        before = counts.ok;
    }
}

fn usage() -> Usage {
    Usage { resident_kib: process::memory().0, tasks: process::tasks() }
}

/// The tasks that are alive when nothing of a bus should be any more; some take a moment to end.
async fn tasks_left(expected: usize) -> usize {
    let deadline = Instant::now() + END_OF_TASKS;
    while process::tasks() > expected && Instant::now() < deadline {
        sleep(Duration::from_millis(50)).await; // nobody tells when a task of another crate ends
    }
    process::tasks()
}
