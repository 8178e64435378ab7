use std::sync::Arc;

use crate::{
    contestant::{Contestant, Receiver},
    job::Job,
    measure::{Measurement, Tally},
    outcome::Outcome,
};

/// The messages wait in the queue. The clock starts when the first is handled: connecting is not measured.
pub(super) async fn run<C: Contestant>(job: &Job, concurrency: usize) -> Outcome<Measurement> {
    let tally = Arc::new(Tally::of(job.messages));
    let receiver = C::handler(job, concurrency, tally.clone()).await?;
    let measured = tally.complete().await?;
    receiver.close().await?; // lets what it has acknowledged leave
    tally.check()?;
    Ok(measured)
}
