use amqprs::{
    FieldTable, FieldValue,
    channel::{BasicAckArguments, Channel, ConsumerMessage, QueueBindArguments, QueueDeclareArguments},
    connection::Connection,
};
use futures_util::StreamExt;

use super::{message::properties, publisher::Publisher};
use crate::{
    contestant::{
        Requester,
        consuming::{Consuming, Messages},
        replies::Replies,
        stamp::{DIRECT, REPLIES, REPLIES_EXPIRE, Route, Stamp},
    },
    contracts::{Order, QUOTES, Quote, Quoted, SHOP},
    job::Job,
    outcome::Outcome,
};

pub(crate) struct AmqprsRequester {
    connection: Connection,
    publisher: Publisher,
    replies: Replies,
    consuming: Consuming,
}

impl AmqprsRequester {
    pub(super) async fn connect(job: &Job) -> Outcome<Self> {
        let connection = super::connect(job).await?;
        let publisher = Publisher::open(&connection).await?;
        declare(&connection).await?;
        let (channel, messages) = super::consume(&connection, REPLIES).await?;
        let replies = Replies::default();
        let arriving = replies.clone();
        let consuming = Consuming::start(messages, |messages| hand_over(channel, messages, arriving));
        Ok(Self { connection, publisher, replies, consuming })
    }
}

impl Requester for AmqprsRequester {
    async fn request(&self, number: u64) -> Outcome<Quoted> {
        let route = Route::command(QUOTES, "Quote");
        let stamp = Stamp::new(route, SHOP).answered_at(REPLIES);
        let reply = self.replies.expect(&stamp.message_id);
        let body = serde_json::to_vec(&Quote { number, order: Order::sample(number) })?;
        self.publisher.publish(route, properties(stamp)?, body).await?;
        Ok(serde_json::from_slice(&reply.await?)?)
    }

    async fn close(self) -> Outcome {
        self.publisher.confirmed().await?;
        self.consuming.stop().await?;
        Ok(self.connection.close().await?)
    }
}

/// As Leveret's: durable, and gone when nobody has used it for a day.
async fn declare(connection: &Connection) -> Outcome {
    let channel = connection.open_channel(None).await?;
    let mut arguments = FieldTable::new();
    arguments.insert("x-expires".try_into()?, FieldValue::l(REPLIES_EXPIRE));
    let mut queue = QueueDeclareArguments::durable_client_named(REPLIES);
    channel.queue_declare(queue.arguments(arguments).finish()).await?;
    channel.queue_bind(QueueBindArguments::new(REPLIES, DIRECT, REPLIES)).await?;
    Ok(channel.close().await?)
}

async fn hand_over(channel: Channel, mut messages: Messages<ConsumerMessage>, replies: Replies) -> Outcome {
    while let Some(message) = messages.next().await {
        let (tag, properties, body) = super::receive::parts(message)?;
        replies.arrived(properties.correlation_id().map_or("", String::as_str), body);
        channel.basic_ack(BasicAckArguments::new(tag, false)).await?;
    }
    Ok(())
}
