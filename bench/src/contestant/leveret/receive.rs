use std::sync::Arc;

use leveret::{Bus, HandlerError, handler};

use crate::{
    contestant::Receiver,
    contracts::{PlaceOrder, Quote, Quoted},
    job::Job,
    measure::Tally,
    outcome::Outcome,
    scenario::CONCURRENCY,
};

struct Orders {
    tally: Arc<Tally>,
}

#[handler(endpoint = "bench.orders")]
impl Orders {
    #[handler]
    async fn place(&self, command: PlaceOrder) -> Result<(), HandlerError> {
        self.tally.handled(command.number);
        Ok(())
    }
}

struct Quotes;

#[handler(endpoint = "bench.quotes")]
impl Quotes {
    #[handler]
    async fn quote(&self, command: Quote) -> Result<Quoted, HandlerError> {
        Ok(Quoted { number: command.number, order: command.order })
    }
}

#[derive(Debug)]
pub(crate) struct LeveretReceiver(Bus);

impl LeveretReceiver {
    pub(super) async fn orders(job: &Job, concurrency: usize, tally: Arc<Tally>) -> Outcome<Self> {
        let bus = super::builder(job).concurrency(concurrency).endpoint(Orders { tally });
        Ok(Self(bus.start().await?))
    }

    pub(super) async fn quotes(job: &Job) -> Outcome<Self> {
        Ok(Self(super::builder(job).concurrency(CONCURRENCY).endpoint(Quotes).start().await?))
    }
}

impl Receiver for LeveretReceiver {
    async fn close(self) -> Outcome {
        Ok(self.0.shutdown().await?)
    }
}
