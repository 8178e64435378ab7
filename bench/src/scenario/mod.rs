//! What is measured. Each scenario is written once, for whichever contestant.

mod end_to_end;
mod handle;
mod name;
mod publish;
mod request;
mod send;

pub(crate) use self::name::Scenario;

use crate::{contestant::Contestant, job::Job, measure::Measurement, outcome::Outcome};

/// How many messages may be unconfirmed.
pub(crate) const WINDOW: usize = 256;
/// How many messages leave together in a transaction.
pub(crate) const TRANSACTION: u64 = 100;
/// How many messages a consumer holds.
pub(crate) const PREFETCH: u16 = 200;
/// How many messages are handled at a time, where not one.
pub(crate) const CONCURRENCY: usize = 16;

/// Runs a scenario with a contestant.
pub(crate) async fn run<C: Contestant>(job: &Job) -> Outcome<Measurement> {
    match job.scenario {
        Scenario::Send => send::in_flight::<C>(job).await,
        Scenario::OneByOne => send::one_by_one::<C>(job).await,
        Scenario::Transactions => send::transactions::<C>(job).await,
        Scenario::Publish => publish::run::<C>(job).await,
        Scenario::Handle1 => handle::run::<C>(job, 1).await,
        Scenario::Handle16 => handle::run::<C>(job, CONCURRENCY).await,
        Scenario::Request => request::run::<C>(job).await,
        Scenario::EndToEnd => end_to_end::run::<C>(job).await,
    }
}
