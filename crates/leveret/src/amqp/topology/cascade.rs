use std::sync::Arc;

use amqprs::channel::{ExchangeBindArguments, ExchangeDeclareArguments};

use super::declare::{bind_on, declare, declare_queue};
use crate::{
    amqp::{
        channel::Channel,
        connection::Link,
        fields::to_table,
        trouble::{ServerClose, Trouble},
    },
    delay::{Cascade, DELIVERY_EXCHANGE, DelayExchange, ExchangeBinding, delivery_pattern, undeliverable},
    topology::{Binding, ExchangeKind},
    transport::TransportErrorKind,
};

/// Declares all levels of the delay, and where undeliverable messages go before them (design §5).
pub(crate) async fn declare_cascade(link: &Arc<Link>) -> Result<(), TransportErrorKind> {
    declare_undeliverable(link).await?;
    let cascade = Cascade::new();
    let channel = open(link).await?;
    for exchange in &cascade.exchanges {
        declare_exchange(&channel, exchange).await?;
    }
    for queue in &cascade.queues {
        let declared = declare_queue(&channel, queue, false).await;
        declared.map_err(|trouble| trouble.into_kind(&format!("declare the queue `{}`", queue.name)))?;
    }
    for binding in &cascade.bindings {
        bind_on(&channel, binding).await?;
    }
    for binding in &cascade.exchange_bindings {
        bind_exchange(&channel, binding).await?;
    }
    channel.close().await;
    Ok(())
}

/// Gives `queue` what has waited for it.
pub(crate) async fn bind_delivery(link: &Arc<Link>, queue: &str) -> Result<(), TransportErrorKind> {
    let channel = open(link).await?;
    bind_on(&channel, &Binding::new(DELIVERY_EXCHANGE, queue, delivery_pattern(queue))).await?;
    channel.close().await;
    Ok(())
}

/// Gives queues that were declared again what waits for them, also where the broker has forgotten the exchange.
pub(super) async fn restore_delivery(
    link: &Arc<Link>,
    queues: impl IntoIterator<Item = &str>,
) -> Result<(), TransportErrorKind> {
    let channel = open(link).await?;
    for exchange in Cascade::new().exchanges.iter().filter(|exchange| exchange.name == DELIVERY_EXCHANGE) {
        declare_exchange(&channel, exchange).await?;
    }
    for queue in queues {
        bind_on(&channel, &Binding::new(DELIVERY_EXCHANGE, queue, delivery_pattern(queue))).await?;
    }
    channel.close().await;
    Ok(())
}

/// An error queue that is there stays as it is: another service may have declared it with arguments.
async fn declare_undeliverable(link: &Arc<Link>) -> Result<(), TransportErrorKind> {
    let mut topology = undeliverable();
    let mut missing = Vec::new();
    for queue in topology.queues.drain(..) {
        let channel = open(link).await?;
        match declare_queue(&channel, &queue, true).await {
            Ok(_) => channel.close().await,
            Err(Trouble::Closed(close @ ServerClose { code: 404, .. })) if !close.is_passing() => {
                missing.push(queue);
            }
            Err(trouble) => return Err(trouble.into_kind(&format!("find the queue `{}`", queue.name))),
        }
    }
    topology.queues = missing;
    declare(link, &topology).await
}

async fn open(link: &Arc<Link>) -> Result<Channel, TransportErrorKind> {
    Channel::open(link, None).await.map_err(|trouble| trouble.into_kind("open a channel"))
}

async fn declare_exchange(channel: &Channel, exchange: &DelayExchange) -> Result<(), TransportErrorKind> {
    let mut arguments = ExchangeDeclareArguments::new(&exchange.name, ExchangeKind::Topic.as_str());
    arguments.durable(true).arguments(to_table(&exchange.arguments));
    let declared = channel.call(|raw| async move { raw.exchange_declare(arguments).await }).await;
    declared.map_err(|trouble| trouble.into_kind(&format!("declare the exchange `{}`", exchange.name)))
}

async fn bind_exchange(channel: &Channel, binding: &ExchangeBinding) -> Result<(), TransportErrorKind> {
    let ExchangeBinding { source, destination, key } = binding;
    let arguments = ExchangeBindArguments::new(destination, source, key);
    let bound = channel.call(|raw| async move { raw.exchange_bind(arguments).await }).await;
    bound.map_err(|trouble| trouble.into_kind(&format!("bind the exchange `{destination}` to `{source}`")))
}
