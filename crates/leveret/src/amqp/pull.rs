use std::sync::Arc;

use amqprs::channel::BasicGetArguments;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    channel::Channel, connection::Link, consumer::Settling, convert::from_wire, repeated::Repeated,
    trouble::Trouble,
};
use crate::{envelope::Received, transport::Incoming};

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
    let channel = Channel::open(link).await?;
    let get = BasicGetArguments::new(queue);
    let Some((got, properties, body)) = channel.call(|raw| async move { raw.basic_get(get).await }).await?
    else {
        channel.close().await;
        return Ok(None);
    };
    let mut received = Received::new(
        from_wire(&properties, body, &mut Repeated::default()),
        got.exchange().as_str(),
        got.routing_key().as_str(),
        queue,
    );
    received.redelivered = got.redelivered();
    received.epoch = link.epoch;
    let tag = got.delivery_tag();
    let mut settling = Settling::new(1);
    let settle = settling.delivered(tag);
    owners.spawn(own(channel, settling, stop, place));
    Ok(Some(Incoming::new(received, Box::new(settle))))
}

/// Keeps the channel until the message is settled, and does it.
async fn own(
    channel: Channel,
    mut settling: Settling,
    stop: CancellationToken,
    _place: OwnedSemaphorePermit,
) {
    let link = channel.link().clone();
    tokio::select! {
        biased;
        () = settling.due() => {}
        () = link.ended() => {}
        () = stop.cancelled() => {}
    }
    if settling.note(&channel).await.is_ok() {
        // What cannot be told comes again: the channel closes next.
        let _ = settling.flush_all(&channel).await;
    }
    channel.close().await;
}
