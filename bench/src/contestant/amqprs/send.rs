use std::ops::Range;

use amqprs::connection::Connection;

use super::{message::properties, publisher::Publisher};
use crate::{
    contestant::{
        Sender, Verb, body,
        stamp::{Route, Stamp},
    },
    contracts::SHOP,
    job::Job,
    outcome::Outcome,
};

pub(crate) struct AmqprsSender {
    connection: Connection,
    publisher: Publisher,
}

impl AmqprsSender {
    pub(super) async fn connect(job: &Job) -> Outcome<Self> {
        let connection = super::connect(job).await?;
        let publisher = Publisher::open(&connection).await?;
        Ok(Self { connection, publisher })
    }

    async fn publish(&self, verb: Verb, number: u64) -> Outcome {
        let route = Route::from(verb);
        let body = body::encode(verb, number)?;
        self.publisher.publish(route, properties(Stamp::new(route, SHOP))?, body).await
    }
}

impl Sender for AmqprsSender {
    /// The publisher's own window is the window.
    async fn send_all(&self, verb: Verb, numbers: Range<u64>) -> Outcome {
        for number in numbers {
            self.publish(verb, number).await?;
        }
        self.publisher.confirmed().await
    }

    async fn send(&self, number: u64) -> Outcome {
        let route = Route::from(Verb::Send);
        let body = body::encode(Verb::Send, number)?;
        self.publisher.publish_confirmed(route, properties(Stamp::new(route, SHOP))?, body).await
    }

    async fn transaction(&self, numbers: Range<u64>) -> Outcome {
        self.send_all(Verb::Send, numbers).await
    }

    async fn close(self) -> Outcome {
        Ok(self.connection.close().await?)
    }
}
