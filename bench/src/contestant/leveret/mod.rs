//! Leveret, by its public interface alone.

mod receive;
mod request;
mod send;

use std::sync::Arc;

use leveret::{Bus, BusBuilder, handler};

use self::{receive::LeveretReceiver, request::LeveretRequester, send::LeveretSender};
use super::Contestant;
use crate::{job::Job, measure::Tally, outcome::Outcome, scenario::PREFETCH};

/// Leveret, on RabbitMQ or in memory.
#[derive(Debug)]
pub(crate) struct Leveret;

impl Contestant for Leveret {
    type Sender = LeveretSender;
    type Requester = LeveretRequester;
    type Receiver = LeveretReceiver;

    async fn sender(job: &Job) -> Outcome<LeveretSender> {
        LeveretSender::start(job).await
    }

    async fn requester(job: &Job) -> Outcome<LeveretRequester> {
        LeveretRequester::start(job).await
    }

    async fn handler(job: &Job, concurrency: usize, tally: Arc<Tally>) -> Outcome<LeveretReceiver> {
        LeveretReceiver::orders(job, concurrency, tally).await
    }

    async fn server(job: &Job) -> Outcome<LeveretReceiver> {
        LeveretReceiver::quotes(job).await
    }
}

/// The endpoint of who sends: it is what makes a message carry all nine headers.
struct Shop;

#[handler(endpoint = "bench.shop")]
impl Shop {
    #[handler]
    async fn anything(&self, _: leveret::AnyMessage) -> Result<(), leveret::HandlerError> {
        Ok(())
    }
}

fn builder(job: &Job) -> BusBuilder {
    Bus::builder(job.url()).queue(job.queue.options()).prefetch(PREFETCH)
}

async fn shop(job: &Job) -> Outcome<Bus> {
    Ok(builder(job).endpoint(Shop).start().await?)
}
