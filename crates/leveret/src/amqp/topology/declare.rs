use std::sync::Arc;

use amqprs::channel::{
    ExchangeDeclareArguments, QueueBindArguments, QueueDeclareArguments, QueueUnbindArguments,
};

use super::mismatch::differences;
use crate::{
    amqp::{
        channel::Channel,
        connection::Link,
        fields::to_table,
        trouble::{ServerClose, Trouble},
    },
    headers::Headers,
    topology::{Binding, Exchange, MAX_NAME, Queue, Topology},
    transport::TransportErrorKind,
};

/// Declares exchanges, then queues, then bindings, on a channel of their own.
pub(crate) async fn declare(link: &Arc<Link>, topology: &Topology) -> Result<(), TransportErrorKind> {
    if topology == &Topology::default() {
        return Ok(());
    }
    let mut channel = open(link).await?;
    let check_only = topology.check_only;
    let verb = if check_only { "find" } else { "declare" };
    for exchange in &topology.exchanges {
        let action = format!("{verb} the exchange `{}`", exchange.name);
        fits(&action, &[&exchange.name])?;
        declare_exchange(&channel, exchange, &Headers::new(), check_only)
            .await
            .map_err(|trouble| trouble.into_kind(&action))?;
    }
    for queue in &topology.queues {
        let action = format!("{verb} the queue `{}`", queue.name);
        fits(&action, &[&queue.name])?;
        match declare_queue(&channel, queue, check_only).await {
            Ok(_) => {}
            Err(Trouble::Closed(ServerClose { code: 406, text, .. })) => {
                differing(link, queue, action, text).await?;
                channel = open(link).await?;
            }
            Err(trouble) => return Err(trouble.into_kind(&action)),
        }
    }
    for binding in topology.bindings.iter().filter(|_| !check_only) {
        bind_on(&channel, binding).await?;
    }
    channel.close().await;
    Ok(())
}

/// A queue that exists with other arguments: an error that names them all, unless it may be adopted.
async fn differing(
    link: &Link,
    queue: &Queue,
    action: String,
    text: String,
) -> Result<(), TransportErrorKind> {
    let differences = differences(link, queue, &text).await?;
    if differences.is_empty() {
        return Err(TransportErrorKind::Refused { action, code: 406, text });
    }
    let mismatch = TransportErrorKind::QueueMismatch { queue: queue.name.clone(), differences };
    if !queue.adopt {
        return Err(mismatch);
    }
    tracing::warn!(queue = queue.name, "{mismatch}: adopted as it is");
    Ok(())
}

/// A channel for questions.
pub(super) async fn open(link: &Arc<Link>) -> Result<Channel, TransportErrorKind> {
    Channel::open(link).await.map_err(|trouble| trouble.into_kind("open a channel"))
}

/// Declares a durable exchange, or only looks for it.
pub(super) async fn declare_exchange(
    channel: &Channel,
    exchange: &Exchange,
    arguments: &Headers,
    passive: bool,
) -> Result<(), Trouble> {
    let mut declare = ExchangeDeclareArguments::new(&exchange.name, exchange.kind.as_str());
    declare.durable(true).passive(passive).arguments(to_table(arguments));
    channel.call(|raw| async move { raw.exchange_declare(declare).await }).await
}

/// Declares a durable queue (hazard H23), or only looks for it; returns how many messages are ready in it.
pub(crate) async fn declare_queue(channel: &Channel, queue: &Queue, passive: bool) -> Result<u32, Trouble> {
    let mut arguments = QueueDeclareArguments::durable_client_named(&queue.name);
    arguments.arguments(to_table(&queue.arguments)).passive(passive);
    let declared = channel.call(|raw| async move { raw.queue_declare(arguments).await }).await?;
    Ok(declared.map_or(0, |(_, ready, _)| ready))
}

/// Adds a binding.
pub(crate) async fn bind(link: &Arc<Link>, binding: &Binding) -> Result<(), TransportErrorKind> {
    let channel = open(link).await?;
    bind_on(&channel, binding).await?;
    channel.close().await;
    Ok(())
}

pub(super) async fn bind_on(channel: &Channel, binding: &Binding) -> Result<(), TransportErrorKind> {
    let Binding { exchange, queue, key, arguments } = binding;
    let action = format!("bind the queue `{queue}` to the exchange `{exchange}` by `{key}`");
    fits(&action, &[exchange, queue, key])?;
    let mut bind = QueueBindArguments::new(queue, exchange, key);
    bind.arguments(to_table(arguments));
    channel
        .call(|raw| async move { raw.queue_bind(bind).await })
        .await
        .map_err(|trouble| trouble.into_kind(&action))
}

/// Removes a binding. One that is not there, or whose queue is gone, is removed already.
pub(crate) async fn unbind(link: &Arc<Link>, binding: &Binding) -> Result<(), TransportErrorKind> {
    let Binding { exchange, queue, key, arguments } = binding;
    let action = format!("unbind the queue `{queue}` from the exchange `{exchange}` by `{key}`");
    fits(&action, &[exchange, queue, key])?;
    let channel = open(link).await?;
    let mut unbind = QueueUnbindArguments::new(queue, exchange, key);
    unbind.arguments(to_table(arguments));
    match channel.call(|raw| async move { raw.queue_unbind(unbind).await }).await {
        Err(Trouble::Closed(ServerClose { code: 404, .. })) => return Ok(()),
        result => result.map_err(|trouble| trouble.into_kind(&action))?,
    }
    channel.close().await;
    Ok(())
}

/// amqprs panics at names that do not fit (hazard H14). 502 is AMQP's own code for them.
pub(crate) fn fits(action: &str, names: &[&str]) -> Result<(), TransportErrorKind> {
    match names.iter().find(|name| name.len() > MAX_NAME) {
        None => Ok(()),
        Some(name) => Err(TransportErrorKind::Refused {
            action: action.to_owned(),
            code: 502,
            text: format!("a name has {} bytes, and may have {MAX_NAME} at most", name.len()),
        }),
    }
}
