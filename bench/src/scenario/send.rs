use std::time::Instant;

use super::TRANSACTION;
use crate::{
    contestant::{Contestant, Sender, Verb},
    job::Job,
    measure::{Latency, Measurement, Meter},
    outcome::Outcome,
};

pub(super) async fn in_flight<C: Contestant>(job: &Job) -> Outcome<Measurement> {
    let sender = C::sender(job).await?;
    let meter = Meter::start();
    sender.send_all(Verb::Send, 0..job.messages).await?;
    let measured = meter.stop(job.messages);
    sender.close().await?;
    Ok(measured)
}

pub(super) async fn one_by_one<C: Contestant>(job: &Job) -> Outcome<Measurement> {
    let sender = C::sender(job).await?;
    let mut times = Vec::with_capacity(usize::try_from(job.messages)?);
    let meter = Meter::start();
    for number in 0..job.messages {
        let began = Instant::now();
        sender.send(number).await?;
        times.push(began.elapsed());
    }
    let measured = meter.stop(job.messages);
    sender.close().await?;
    Ok(Measurement { latency: Latency::of(times), ..measured })
}

pub(super) async fn transactions<C: Contestant>(job: &Job) -> Outcome<Measurement> {
    let sender = C::sender(job).await?;
    let meter = Meter::start();
    let mut next = 0;
    while next < job.messages {
        let end = job.messages.min(next + TRANSACTION);
        sender.transaction(next..end).await?;
        next = end;
    }
    let measured = meter.stop(job.messages);
    sender.close().await?;
    Ok(measured)
}
