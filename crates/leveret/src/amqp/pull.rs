use std::sync::Arc;

use amqprs::channel::{BasicAckArguments, BasicGetArguments, BasicNackArguments, BasicRejectArguments};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    channel::Channel, connection::Link, consumer::SettleByOwner, convert::from_wire, trouble::Trouble,
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
    let (settle, settled) = mpsc::channel(1);
    owners.spawn(own(channel, settled, stop, place));
    let Ok(settle_place) = settle.try_reserve_owned() else {
        return Ok(None);
    };
    Ok(Some(Incoming::new(received, Box::new(SettleByOwner { tag, place: settle_place }))))
}

/// Keeps the channel until the message is settled, and does it.
async fn own(
    channel: Channel,
    mut settled: mpsc::Receiver<(u64, Settlement)>,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    let link = channel.link().clone();
    let settlement = tokio::select! {
        biased;
        settlement = settled.recv() => settlement,
        () = link.ended() => None,
        () = stop.cancelled() => None,
    };
    if let (Some((tag, settlement)), Ok(raw)) = (settlement, channel.raw()) {
        // What cannot be told comes again: the channel closes next.
        let _ = match settlement {
            Settlement::Done => raw.basic_ack(BasicAckArguments::new(tag, false)).await,
            Settlement::Return => raw.basic_nack(BasicNackArguments::new(tag, false, true)).await,
            Settlement::Reject => raw.basic_reject(BasicRejectArguments::new(tag, false)).await,
        };
    }
    channel.close().await;
}
