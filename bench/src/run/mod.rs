//! Who has a turn when, and what is done for it.

mod place;
mod plan;
mod process;
mod progress;
mod shape;

pub(crate) use self::plan::Turn;

use std::{fs, thread::available_parallelism, time::Duration};

use leveret_tests::broker::Broker;

use self::{place::Place, progress::Progress};
use crate::{
    child::THREADS,
    contestant::Name,
    job::Job,
    measure::Measurement,
    options::Options,
    outcome::{Outcome, within},
    report::{Facts, Results, Run},
};

/// How long the preparation and the check of a run may take, beyond the run itself.
const AROUND: Duration = Duration::from_secs(180);
/// The share of the machine's time that its host may give to others during a run.
const DISTURBED: f64 = 0.03;
/// How often a turn is run until it is less disturbed than that.
const RUNS: u32 = 4;

/// Takes all turns on a broker of their own, and says how it goes. A turn that fails has no result; the others go on.
pub(crate) async fn all(options: &Options) -> Results {
    let load = load();
    let broker = Broker::start().await;
    let turns = plan::turns(options);
    let mut progress = Progress::new(turns.len());
    let mut runs = Vec::new();
    for turn in turns {
        let outcome = quietest(&broker, options, turn).await.map_err(|error| error.to_string());
        progress.tell(&turn, &outcome);
        if turn.counts() || outcome.is_err() {
            runs.push(Run { turn, outcome });
        }
    }
    let facts = Facts {
        rabbitmq: broker.version().await,
        cores: available_parallelism().map_or(1, usize::from),
        threads: THREADS,
        load,
        rounds: options.rounds,
    };
    Results { facts, runs }
}

/// The load of the last minute, as Linux tells it.
fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// One turn, and again while others had too much of the machine: of so many runs the least disturbed one is the turn's.
async fn quietest(broker: &Broker, options: &Options, turn: Turn) -> Outcome<Measurement> {
    let mut best = one(broker, options, turn).await?;
    for _ in 1..RUNS {
        if options.cold || !turn.counts() || best.stolen.is_none_or(|share| share <= DISTURBED) {
            break;
        }
        let again = one(broker, options, turn).await?;
        if again.stolen < best.stolen {
            best = again;
        }
    }
    Ok(best)
}

/// One run: a place of its own, the run in a process of its own, and the check that nothing is lost or left.
async fn one(broker: &Broker, options: &Options, turn: Turn) -> Outcome<Measurement> {
    let place = Place::new(broker).await;
    let job = Job {
        contestant: turn.contestant,
        scenario: turn.scenario,
        queue: turn.queue,
        port: broker.port(),
        vhost: place.name().to_owned(),
        messages: turn.messages,
        limit: options.limit(),
    };
    let measured = within(AROUND + job.limit, "the turn", on(&place, &job)).await;
    place.clear().await;
    measured
}

async fn on(place: &Place<'_>, job: &Job) -> Outcome<Measurement> {
    if job.contestant == Name::LeveretMemory {
        return process::run(job).await;
    }
    place.prepare(job).await?;
    let measured = process::run(job).await?;
    place.check(job).await?;
    Ok(measured)
}
