use leveret::Bus;

use crate::{
    contestant::Requester,
    contracts::{Order, Quote, Quoted},
    job::Job,
    outcome::Outcome,
};

#[derive(Debug)]
pub(crate) struct LeveretRequester(Bus);

impl LeveretRequester {
    pub(super) async fn start(job: &Job) -> Outcome<Self> {
        Ok(Self(super::shop(job).await?))
    }
}

impl Requester for LeveretRequester {
    async fn request(&self, number: u64) -> Outcome<Quoted> {
        Ok(self.0.request(Quote { number, order: Order::sample(number) }).await?)
    }

    async fn close(self) -> Outcome {
        Ok(self.0.shutdown().await?)
    }
}
