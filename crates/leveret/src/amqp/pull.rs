use std::sync::Arc;

use amqprs::channel::{BasicAckArguments, BasicGetArguments, BasicNackArguments, BasicRejectArguments};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    channel::Channel,
    connection::Link,
    consumer::{SettleByOwner, Settlements},
    convert::from_wire,
    trouble::Trouble,
};
use crate::{
    envelope::Received,
    transport::{Incoming, Settlement},
};

/// Takes one message (`basic.get`) on a channel of its own, which lives until the message is settled.
///
/// `place` bounds how many such channels there are; `stop` returns the message to its queue.
pub(super) async fn pull(
    link: &Arc<Link>,
    queue: &str,
    place: OwnedSemaphorePermit,
    owners: &TaskTracker,
    stop: CancellationToken,
) -> Result<Option<Incoming>, Trouble> {
    let channel = Channel::open(link, None).await?;
    let get = BasicGetArguments::new(queue);
    let Some((got, properties, body)) = channel.call(|raw| async move { raw.basic_get(get).await }).await?
    else {
        channel.close().await;
        return Ok(None);
    };
    let mut received = Received::new(
        from_wire(&properties, body),
        got.exchange().as_str(),
        got.routing_key().as_str(),
        queue,
    );
    received.redelivered = got.redelivered();
    received.epoch = link.epoch;
    let tag = got.delivery_tag();
    let settlements = Arc::new(Settlements::new());
    owners.spawn(own(channel, settlements.clone(), stop, place));
    Ok(Some(Incoming::new(received, Box::new(SettleByOwner { tag, settlements }))))
}

/// Keeps the channel until the message is settled, and does it.
async fn own(
    channel: Channel,
    settlements: Arc<Settlements>,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    let link = channel.link().clone();
    tokio::select! {
        biased;
        () = settlements.worth_noting() => {}
        () = link.ended() => {}
        () = stop.cancelled() => {}
    }
    let mut settled = Vec::new();
    settlements.take(&mut settled);
    if let (Some((tag, settlement)), Ok(raw)) = (settled.pop(), channel.raw()) {
        // What cannot be told comes again: the channel closes next.
        let _ = match settlement {
            Settlement::Done => raw.basic_ack(BasicAckArguments::new(tag, false)).await,
            Settlement::Return => raw.basic_nack(BasicNackArguments::new(tag, false, true)).await,
            Settlement::Reject => raw.basic_reject(BasicRejectArguments::new(tag, false)).await,
        };
    }
    channel.close().await;
}
