use std::sync::Arc;

use futures_util::StreamExt;
use lapin::{Channel, Connection, message::Delivery, options::BasicAckOptions};

use super::{message::properties, publisher::Publisher};
use crate::{
    contestant::{
        Receiver,
        consuming::{Consuming, Messages, each},
        stamp::{Route, Stamp},
    },
    contracts::{ORDERS, PlaceOrder, QUOTES, Quote, Quoted},
    job::Job,
    measure::Tally,
    outcome::Outcome,
    scenario::CONCURRENCY,
};

pub(crate) struct LapinReceiver {
    connection: Connection,
    channel: Channel,
    consuming: Consuming,
}

impl LapinReceiver {
    /// Handles in the order of arrival, and acknowledges every so many with one ack.
    pub(super) async fn one_at_a_time(job: &Job, batch: u64, tally: Arc<Tally>) -> Outcome<Self> {
        let connection = super::connect(job).await?;
        let (channel, messages) = super::consume(&connection, ORDERS).await?;
        let acks = channel.clone();
        let consuming = Consuming::start(messages, |messages| one_at_a_time(acks, messages, batch, tally));
        Ok(Self { connection, channel, consuming })
    }

    /// Handles so many at a time, and acknowledges each by itself.
    pub(super) async fn many_at_a_time(job: &Job, concurrency: usize, tally: Arc<Tally>) -> Outcome<Self> {
        let connection = super::connect(job).await?;
        let (channel, messages) = super::consume(&connection, ORDERS).await?;
        let acks = channel.clone();
        let handle = move |message: lapin::Result<Delivery>| {
            let (channel, tally) = (acks.clone(), tally.clone());
            async move {
                let message = message?;
                let command: PlaceOrder = serde_json::from_slice(&message.data)?;
                tally.handled(command.number);
                Ok(channel.basic_ack(message.delivery_tag, BasicAckOptions::default()).await?)
            }
        };
        let consuming = Consuming::start(messages, |messages| each(messages, concurrency, handle));
        Ok(Self { connection, channel, consuming })
    }

    /// Answers quotes.
    pub(super) async fn answering(job: &Job) -> Outcome<Self> {
        let connection = super::connect(job).await?;
        let publisher = Arc::new(Publisher::open(&connection).await?);
        let (channel, messages) = super::consume(&connection, QUOTES).await?;
        let acks = channel.clone();
        let handle = move |message: lapin::Result<Delivery>| {
            let (channel, publisher) = (acks.clone(), publisher.clone());
            async move {
                let message = message?;
                answer(&publisher, &message).await?;
                Ok(channel.basic_ack(message.delivery_tag, BasicAckOptions::default()).await?)
            }
        };
        let consuming = Consuming::start(messages, |messages| each(messages, CONCURRENCY, handle));
        Ok(Self { connection, channel, consuming })
    }
}

impl Receiver for LapinReceiver {
    /// The broker answers to the end of the channel when it has read the acks before it.
    async fn close(self) -> Outcome {
        self.consuming.stop().await?;
        self.channel.close(200, "done".into()).await?;
        super::close(self.connection).await
    }
}

async fn one_at_a_time(
    channel: Channel,
    mut messages: Messages<lapin::Result<Delivery>>,
    batch: u64,
    tally: Arc<Tally>,
) -> Outcome {
    let options = BasicAckOptions { multiple: batch > 1 };
    while let Some(message) = messages.next().await {
        let message = message?;
        let command: PlaceOrder = serde_json::from_slice(&message.data)?;
        tally.handled(command.number);
        if message.delivery_tag.is_multiple_of(batch) || tally.is_complete() {
            channel.basic_ack(message.delivery_tag, options).await?;
        }
    }
    Ok(())
}

async fn answer(publisher: &Publisher, asked: &Delivery) -> Outcome {
    let Quote { number, order } = serde_json::from_slice(&asked.data)?;
    let to = asked.properties.reply_to().as_ref().ok_or("a request without a reply address")?;
    let correlation_id = asked.properties.correlation_id().as_ref().map(ToString::to_string);
    let route = Route::command(to.as_str(), "Quoted");
    let message = properties(Stamp::new(route, QUOTES).replying(correlation_id.unwrap_or_default()));
    publisher.publish_confirmed(route, message, &serde_json::to_vec(&Quoted { number, order })?).await
}
