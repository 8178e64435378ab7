use std::sync::Arc;

use amqprs::{
    BasicProperties,
    channel::{BasicPublishArguments, Channel, ConfirmSelectArguments},
    connection::Connection,
};
use tokio::sync::{Mutex, oneshot};

use super::confirms::{Confirms, Listener};
use crate::{contestant::stamp::Route, outcome::Outcome, scenario::WINDOW};

/// A channel in confirm mode, with a window.
pub(super) struct Publisher {
    channel: Channel,
    confirms: Arc<Confirms>,
    /// The tag of the last publish. Held over a publish: the broker counts in the order in which they are written.
    last: Mutex<u64>,
}

impl Publisher {
    pub(super) async fn open(connection: &Connection) -> Outcome<Self> {
        let channel = connection.open_channel(None).await?;
        let confirms = Arc::new(Confirms::new(WINDOW));
        channel.register_callback(Listener(confirms.clone())).await?;
        channel.confirm_select(ConfirmSelectArguments::new(false)).await?;
        Ok(Self { channel, confirms, last: Mutex::new(0) })
    }

    /// Publishes when there is room in the window; the confirm comes later.
    pub(super) async fn publish(&self, route: Route<'_>, message: BasicProperties, body: Vec<u8>) -> Outcome {
        self.write(route, message, body, None).await
    }

    /// Publishes and awaits the confirm.
    pub(super) async fn publish_confirmed(
        &self,
        route: Route<'_>,
        message: BasicProperties,
        body: Vec<u8>,
    ) -> Outcome {
        let (waiting, confirmed) = oneshot::channel();
        self.write(route, message, body, Some(waiting)).await?;
        confirmed.await?;
        self.confirms.check()
    }

    async fn write(
        &self,
        route: Route<'_>,
        message: BasicProperties,
        body: Vec<u8>,
        waiting: Option<oneshot::Sender<()>>,
    ) -> Outcome {
        let mut to = BasicPublishArguments::new(route.exchange, route.key);
        to.mandatory = true;
        self.confirms.window.acquire().await?.forget();
        let mut last = self.last.lock().await;
        *last += 1;
        self.confirms.expect(*last, waiting);
        Ok(self.channel.basic_publish(message, body, to).await?)
    }

    /// Waits until all is confirmed.
    pub(super) async fn confirmed(&self) -> Outcome {
        let all = self.confirms.window.acquire_many(WINDOW.try_into()?).await?;
        drop(all);
        self.confirms.check()
    }
}
