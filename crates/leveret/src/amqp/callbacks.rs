use std::sync::{Arc, OnceLock};

use amqprs::{
    Ack, BasicProperties, Cancel, Close, CloseChannel, Nack, Return,
    callbacks::{ChannelCallback, ConnectionCallback},
    channel::Channel,
    connection::Connection,
    error::Error,
};
use async_trait::async_trait;
use tokio::sync::mpsc;

use super::{connection::Life, trouble::ServerClose};

/// What the broker says on a channel besides answers. The receiver's end of the stream is the channel's end.
#[derive(Debug)]
pub(super) enum Event {
    /// `basic.ack` or `basic.nack` of publishes.
    Confirm { tag: u64, multiple: bool, ack: bool },
    /// A message that no queue got; its own confirm follows.
    Returned { exchange: String, routing_key: String, message_id: Option<String> },
    /// The broker ended the consumer, and the channel lives on: the queue is deleted, or a handler took too long.
    Cancelled { consumer_tag: String },
}

/// Hears the end of a connection. amqprs drops it on every way out, panics included, which makes its `Drop` the one
/// reliable sign of death (hazards 1.6). It must never wait (hazard H7).
pub(super) struct OnConnection(pub(super) Arc<Life>);

impl Drop for OnConnection {
    fn drop(&mut self) {
        self.0.end("the connection was lost: reset, or silent for two heartbeats");
    }
}

#[async_trait]
impl ConnectionCallback for OnConnection {
    async fn close(&mut self, _: &Connection, close: Close) -> Result<(), Error> {
        self.0.closed_by_broker(format!(
            "the broker closed the connection: {} {}",
            close.reply_code(),
            close.reply_text()
        ));
        Ok(())
    }

    // RabbitMQ sends these two only to clients that ask for them, and amqprs does not (hazard H18): a blocked broker
    // shows as one that confirms nothing.
    async fn blocked(&mut self, _: &Connection, _: String) {}
    async fn unblocked(&mut self, _: &Connection) {}
    async fn secret_updated(&mut self, _: &Connection) {}
}

/// Hears what happens on a channel. Dropping it closes `events`, on every way out (hazards 1.6).
pub(super) struct OnChannel {
    pub(super) events: Option<mpsc::Sender<Event>>,
    pub(super) close: Arc<OnceLock<ServerClose>>,
    pub(super) life: Arc<Life>,
}

impl OnChannel {
    /// Passes on without waiting (hazard H7). The queue is as long as all that can be outstanding; should it be full
    /// all the same, then the connection is not worth keeping: on the next one everything is known again.
    fn tell(&self, event: Event) {
        if let Some(events) = &self.events
            && let Err(mpsc::error::TrySendError::Full(_)) = events.try_send(event)
        {
            self.life.end("the broker sent more confirms than there are messages");
        }
    }
}

#[async_trait]
impl ChannelCallback for OnChannel {
    async fn close(&mut self, _: &Channel, close: CloseChannel) -> Result<(), Error> {
        self.life.channel_leaked();
        // Only here does the broker's reason reach us (hazard H27).
        let _ = self.close.set(ServerClose {
            code: close.reply_code(),
            text: close.reply_text().clone(),
            method: (close.class_id(), close.method_id()),
        });
        Ok(())
    }

    async fn cancel(&mut self, _: &Channel, cancel: Cancel) -> Result<(), Error> {
        self.tell(Event::Cancelled { consumer_tag: cancel.consumer_tag().clone() });
        Ok(())
    }

    async fn flow(&mut self, _: &Channel, active: bool) -> Result<bool, Error> {
        Ok(active)
    }

    async fn publish_ack(&mut self, _: &Channel, ack: Ack) {
        self.tell(Event::Confirm { tag: ack.delivery_tag(), multiple: ack.mutiple(), ack: true });
    }

    async fn publish_nack(&mut self, _: &Channel, nack: Nack) {
        self.tell(Event::Confirm { tag: nack.delivery_tag(), multiple: nack.multiple(), ack: false });
    }

    async fn publish_return(
        &mut self,
        _: &Channel,
        returned: Return,
        properties: BasicProperties,
        _: Vec<u8>,
    ) {
        self.tell(Event::Returned {
            exchange: returned.exchange().clone(),
            routing_key: returned.routing_key().clone(),
            message_id: properties.message_id().cloned(),
        });
    }
}
