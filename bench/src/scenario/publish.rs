use crate::{
    contestant::{Contestant, Sender, Verb},
    job::Job,
    measure::{Measurement, Meter},
    outcome::Outcome,
};

/// Nobody consumes meanwhile: what is measured is the publisher.
pub(super) async fn run<C: Contestant>(job: &Job) -> Outcome<Measurement> {
    let sender = C::sender(job).await?;
    let meter = Meter::start();
    sender.send_all(Verb::Publish, 0..job.messages).await?;
    let measured = meter.stop(job.messages);
    sender.close().await?;
    Ok(measured)
}
