use std::ops::Range;

use futures_util::stream::{self, StreamExt, TryStreamExt};
use lapin::Connection;

use super::{message::properties, publisher::Publisher};
use crate::{
    contestant::{
        Sender, Verb, body,
        stamp::{Route, Stamp},
    },
    contracts::SHOP,
    job::Job,
    outcome::Outcome,
    scenario::{TRANSACTION, WINDOW},
};

pub(crate) struct LapinSender {
    connection: Connection,
    publisher: Publisher,
}

impl LapinSender {
    pub(super) async fn connect(job: &Job) -> Outcome<Self> {
        let connection = super::connect(job).await?;
        let publisher = Publisher::open(&connection).await?;
        Ok(Self { connection, publisher })
    }

    async fn send(&self, verb: Verb, number: u64) -> Outcome {
        let route = Route::from(verb);
        let body = body::encode(verb, number)?;
        self.publisher.publish_confirmed(route, properties(Stamp::new(route, SHOP)), &body).await
    }

    async fn in_flight(&self, verb: Verb, numbers: Range<u64>, window: usize) -> Outcome {
        let sends = stream::iter(numbers).map(|number| self.send(verb, number));
        sends.buffer_unordered(window).try_for_each(|()| async { Ok(()) }).await
    }
}

impl Sender for LapinSender {
    /// So many sends at a time: each publish of lapin's waits until it is written, so one after another is slow.
    async fn send_all(&self, verb: Verb, numbers: Range<u64>) -> Outcome {
        self.in_flight(verb, numbers, WINDOW).await
    }

    async fn send(&self, number: u64) -> Outcome {
        self.send(Verb::Send, number).await
    }

    async fn transaction(&self, numbers: Range<u64>) -> Outcome {
        self.in_flight(Verb::Send, numbers, TRANSACTION.try_into()?).await
    }

    async fn close(self) -> Outcome {
        super::close(self.connection).await
    }
}
