use std::sync::Arc;

use super::CONCURRENCY;
use crate::{
    contestant::{Contestant, Receiver, Sender, Verb},
    job::Job,
    measure::{Measurement, Meter, Tally},
    outcome::Outcome,
};

/// The clock runs from the first send until the last message is handled.
pub(super) async fn run<C: Contestant>(job: &Job) -> Outcome<Measurement> {
    let tally = Arc::new(Tally::of(job.messages));
    let receiver = C::handler(job, CONCURRENCY, tally.clone()).await?;
    let sender = C::sender(job).await?;
    let meter = Meter::start();
    sender.send_all(Verb::Send, 0..job.messages).await?;
    tally.complete().await?;
    let measured = meter.stop(job.messages);
    sender.close().await?;
    receiver.close().await?;
    tally.check()?;
    Ok(measured)
}
