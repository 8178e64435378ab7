use std::ops::Range;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use leveret::Bus;

use crate::{
    contestant::{Sender, Verb},
    contracts::{Order, OrderPlaced, PlaceOrder},
    job::Job,
    outcome::Outcome,
    scenario::WINDOW,
};

#[derive(Debug)]
pub(crate) struct LeveretSender(Bus);

impl LeveretSender {
    pub(super) async fn start(job: &Job) -> Outcome<Self> {
        Ok(Self(super::shop(job).await?))
    }
}

impl Sender for LeveretSender {
    async fn send_all(&self, verb: Verb, numbers: Range<u64>) -> Outcome {
        let sends = stream::iter(numbers).map(|number| async move {
            let order = Order::sample(number);
            match verb {
                Verb::Send => self.0.send(PlaceOrder { number, order }).await,
                Verb::Publish => self.0.publish(OrderPlaced { number, order }).await,
            }
        });
        sends.buffer_unordered(WINDOW).try_for_each(|()| async { Ok(()) }).await?;
        Ok(())
    }

    async fn send(&self, number: u64) -> Outcome {
        Ok(self.0.send(PlaceOrder { number, order: Order::sample(number) }).await?)
    }

    async fn transaction(&self, numbers: Range<u64>) -> Outcome {
        let tx = self.0.transaction();
        for number in numbers {
            tx.send(PlaceOrder { number, order: Order::sample(number) }).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn close(self) -> Outcome {
        Ok(self.0.shutdown().await?)
    }
}
