use lapin::{
    BasicProperties, Channel, Confirmation, Connection, PublisherConfirm,
    options::{BasicPublishOptions, ConfirmSelectOptions},
};

use crate::{contestant::stamp::Route, outcome::Outcome};

/// A channel in confirm mode.
pub(super) struct Publisher(Channel);

impl Publisher {
    pub(super) async fn open(connection: &Connection) -> Outcome<Self> {
        let channel = connection.create_channel().await?;
        channel.confirm_select(ConfirmSelectOptions::default()).await?;
        Ok(Self(channel))
    }

    /// Publishes; the confirm comes later.
    pub(super) async fn publish(
        &self,
        route: Route<'_>,
        message: BasicProperties,
        body: &[u8],
    ) -> Outcome<PublisherConfirm> {
        let options = BasicPublishOptions { mandatory: true, ..BasicPublishOptions::default() };
        Ok(self.0.basic_publish(route.exchange.into(), route.key.into(), options, body, message).await?)
    }

    /// Publishes and awaits the confirm.
    pub(super) async fn publish_confirmed(
        &self,
        route: Route<'_>,
        message: BasicProperties,
        body: &[u8],
    ) -> Outcome {
        match self.publish(route, message, body).await?.await? {
            Confirmation::Ack(None) => Ok(()),
            other => Err(format!("the broker returned or refused a message: {other:?}").into()),
        }
    }

    /// Waits for the confirms that were dropped.
    pub(super) async fn all_confirmed(&self) -> Outcome {
        match self.0.wait_for_confirms().await?.len() {
            0 => Ok(()),
            returned => Err(format!("the broker returned {returned} messages").into()),
        }
    }
}
