use futures_util::StreamExt;
use lapin::{
    Channel, Connection,
    message::Delivery,
    options::{BasicAckOptions, QueueBindOptions, QueueDeclareOptions},
    types::{AMQPValue, FieldTable},
};

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

pub(crate) struct LapinRequester {
    connection: Connection,
    publisher: Publisher,
    replies: Replies,
    consuming: Consuming,
}

impl LapinRequester {
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

impl Requester for LapinRequester {
    /// The reply says that the request has arrived: its confirm is no wait more, and is looked at in the end.
    async fn request(&self, number: u64) -> Outcome<Quoted> {
        let route = Route::command(QUOTES, "Quote");
        let stamp = Stamp::new(route, SHOP).answered_at(REPLIES);
        let reply = self.replies.expect(&stamp.message_id);
        let body = serde_json::to_vec(&Quote { number, order: Order::sample(number) })?;
        drop(self.publisher.publish(route, properties(stamp), &body).await?);
        Ok(serde_json::from_slice(&reply.await?)?)
    }

    async fn close(self) -> Outcome {
        self.publisher.all_confirmed().await?;
        self.consuming.stop().await?;
        super::close(self.connection).await
    }
}

/// As Leveret's: durable, and gone when nobody has used it for a day.
async fn declare(connection: &Connection) -> Outcome {
    let channel = connection.create_channel().await?;
    let mut arguments = FieldTable::default();
    arguments.insert("x-expires".into(), AMQPValue::LongLongInt(REPLIES_EXPIRE));
    channel.queue_declare(REPLIES.into(), QueueDeclareOptions::durable(), arguments).await?;
    let options = QueueBindOptions::default();
    channel.queue_bind(REPLIES.into(), DIRECT.into(), REPLIES.into(), options, FieldTable::default()).await?;
    Ok(channel.close(200, "done".into()).await?)
}

async fn hand_over(
    channel: Channel,
    mut messages: Messages<lapin::Result<Delivery>>,
    replies: Replies,
) -> Outcome {
    while let Some(message) = messages.next().await {
        let message = message?;
        let id = message.properties.correlation_id().as_ref().map_or("", |id| id.as_str());
        replies.arrived(id, message.data);
        channel.basic_ack(message.delivery_tag, BasicAckOptions::default()).await?;
    }
    Ok(())
}
