use std::time::Instant;

use crate::{
    contestant::{Contestant, Receiver, Requester},
    contracts::Order,
    job::Job,
    measure::{Latency, Measurement, Meter},
    outcome::Outcome,
};

/// Who asks and who answers share the process, not their connections.
pub(super) async fn run<C: Contestant>(job: &Job) -> Outcome<Measurement> {
    let server = C::server(job).await?;
    let requester = C::requester(job).await?;
    let mut times = Vec::with_capacity(usize::try_from(job.messages)?);
    let meter = Meter::start();
    for number in 0..job.messages {
        let began = Instant::now();
        let reply = requester.request(number).await?;
        times.push(began.elapsed());
        if reply.number != number || reply.order != Order::sample(number) {
            return Err(format!("request {number} got reply {}", reply.number).into());
        }
    }
    let measured = meter.stop(job.messages);
    requester.close().await?;
    server.close().await?;
    Ok(Measurement { latency: Latency::of(times), ..measured })
}
