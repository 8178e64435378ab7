use std::sync::{Arc, OnceLock};

use amqprs::{
    Ack, BasicProperties, Cancel, Close, CloseChannel, Nack, Return,
    callbacks::{ChannelCallback, ConnectionCallback},
    channel::Channel,
    connection::Connection,
    error::Error,
};
use async_trait::async_trait;
use tokio::sync::mpsc::{self, error::TrySendError};

use super::{connection::Life, trouble::ServerClose};

/// The broker ended a consumer, and its channel lives on: the queue is deleted, or a handler took too long.
#[derive(Debug)]
pub(super) struct Cancelled {
    pub(super) consumer_tag: String,
}

/// Takes in what the broker decides about the publishes of a channel. It must never wait (hazard H7).
pub(super) trait Confirms: Send {
    /// `basic.ack` or `basic.nack` of publishes.
    fn confirmed(&mut self, tag: u64, multiple: bool, ack: bool);

    /// `basic.return`: no queue got the message. Its own confirm follows.
    fn returned(&mut self, exchange: &str, routing_key: &str, message_id: Option<&str>);
}

/// Who hears what happens on a channel; for some channels nobody does.
#[derive(Default)]
pub(super) struct Ears {
    /// With room for all consumers. The end of the stream is the channel's end.
    pub(super) cancels: Option<mpsc::Sender<Cancelled>>,
    pub(super) confirms: Option<Box<dyn Confirms>>,
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

/// Hears what happens on a channel. Dropping it ends the stream of cancels, on every way out (hazards 1.6).
pub(super) struct OnChannel {
    pub(super) ears: Ears,
    pub(super) close: Arc<OnceLock<ServerClose>>,
    pub(super) life: Arc<Life>,
}

impl OnChannel {
    fn confirmed(&mut self, tag: u64, multiple: bool, ack: bool) {
        if let Some(confirms) = &mut self.ears.confirms {
            confirms.confirmed(tag, multiple, ack);
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
        // Without waiting (hazard H7). Should there be no room all the same, then the connection is not worth keeping: on
        // the next one everything is known again.
        if let Some(cancels) = &self.ears.cancels
            && let Err(TrySendError::Full(_)) =
                cancels.try_send(Cancelled { consumer_tag: cancel.consumer_tag().clone() })
        {
            self.life.end("the broker cancelled more consumers than there are");
        }
        Ok(())
    }

    async fn flow(&mut self, _: &Channel, active: bool) -> Result<bool, Error> {
        Ok(active)
    }

    async fn publish_ack(&mut self, _: &Channel, ack: Ack) {
        self.confirmed(ack.delivery_tag(), ack.mutiple(), true);
    }

    async fn publish_nack(&mut self, _: &Channel, nack: Nack) {
        self.confirmed(nack.delivery_tag(), nack.multiple(), false);
    }

    async fn publish_return(
        &mut self,
        _: &Channel,
        returned: Return,
        properties: BasicProperties,
        _: Vec<u8>,
    ) {
        if let Some(confirms) = &mut self.ears.confirms {
            let message_id = properties.message_id().map(String::as_str);
            confirms.returned(returned.exchange(), returned.routing_key(), message_id);
        }
    }
}
