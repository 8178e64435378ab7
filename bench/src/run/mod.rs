//! Who has a turn when, and what is done for it.

mod place;
mod plan;
mod process;

pub(crate) use self::plan::{Turn, turns};

use leveret_tests::broker::Broker;

use self::place::Place;
use crate::{
    contestant::Name,
    job::Job,
    measure::Measurement,
    options::Options,
    outcome::{Outcome, within},
};

/// How long the preparation and the check of a run may take, beyond the run itself.
const AROUND: std::time::Duration = std::time::Duration::from_secs(180);

/// One turn: a place of its own, the run in a process of its own, and the check that nothing is lost or left.
pub(crate) async fn turn(broker: &Broker, options: &Options, turn: Turn) -> Outcome<Measurement> {
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
