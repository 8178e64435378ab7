use std::sync::Arc;

use amqprs::{
    BasicProperties,
    channel::{BasicAckArguments, Channel, ConsumerMessage},
    connection::Connection,
};
use futures_util::StreamExt;

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

pub(crate) struct AmqprsReceiver {
    connection: Connection,
    channel: Channel,
    consuming: Consuming,
}

impl AmqprsReceiver {
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
        let handle = move |message| {
            let (channel, tally) = (acks.clone(), tally.clone());
            async move {
                let (tag, _, body) = parts(message)?;
                let command: PlaceOrder = serde_json::from_slice(&body)?;
                tally.handled(command.number);
                Ok(channel.basic_ack(BasicAckArguments::new(tag, false)).await?)
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
        let handle = move |message| {
            let (channel, publisher) = (acks.clone(), publisher.clone());
            async move {
                let (tag, properties, body) = parts(message)?;
                answer(&publisher, &properties, &body).await?;
                Ok(channel.basic_ack(BasicAckArguments::new(tag, false)).await?)
            }
        };
        let consuming = Consuming::start(messages, |messages| each(messages, CONCURRENCY, handle));
        Ok(Self { connection, channel, consuming })
    }
}

impl Receiver for AmqprsReceiver {
    /// The broker answers to the end of the channel when it has read the acks before it.
    async fn close(self) -> Outcome {
        self.consuming.stop().await?;
        self.channel.close().await?;
        Ok(self.connection.close().await?)
    }
}

async fn one_at_a_time(
    channel: Channel,
    mut messages: Messages<ConsumerMessage>,
    batch: u64,
    tally: Arc<Tally>,
) -> Outcome {
    while let Some(message) = messages.next().await {
        let (tag, _, body) = parts(message)?;
        let command: PlaceOrder = serde_json::from_slice(&body)?;
        tally.handled(command.number);
        if tag.is_multiple_of(batch) || tally.is_complete() {
            channel.basic_ack(BasicAckArguments::new(tag, batch > 1)).await?;
        }
    }
    Ok(())
}

async fn answer(publisher: &Publisher, asked: &BasicProperties, body: &[u8]) -> Outcome {
    let Quote { number, order } = serde_json::from_slice(body)?;
    let to = asked.reply_to().ok_or("a request without a reply address")?;
    let correlation_id = asked.correlation_id().cloned().unwrap_or_default();
    let route = Route::command(to, "Quoted");
    let message = properties(Stamp::new(route, QUOTES).replying(correlation_id))?;
    publisher.publish_confirmed(route, message, serde_json::to_vec(&Quoted { number, order })?).await
}

/// The tag, the properties and the body of a message.
pub(super) fn parts(message: ConsumerMessage) -> Outcome<(u64, BasicProperties, Vec<u8>)> {
    match (message.deliver, message.basic_properties, message.content) {
        (Some(deliver), Some(properties), Some(body)) => Ok((deliver.delivery_tag(), properties, body)),
        _ => Err("a message that is not whole".into()),
    }
}
