use std::sync::Arc;

use amqprs::channel::ExchangeBindArguments;

use super::declare::{bind, bind_on, declare, declare_exchange, declare_queue, open};
use crate::{
    amqp::{
        channel::Channel,
        connection::Link,
        trouble::{ServerClose, Trouble},
    },
    delay::{Cascade, DelayExchange, ExchangeBinding, delivery_binding, undeliverable},
    topology::{Exchange, ExchangeKind},
    transport::TransportErrorKind,
};

/// Declares all levels of the delay, and where undeliverable messages go before them (design §5).
pub(crate) async fn declare_cascade(link: &Arc<Link>) -> Result<(), TransportErrorKind> {
    declare_undeliverable(link).await?;
    let cascade = Cascade::new();
    let channel = open(link).await?;
    for exchange in &cascade.exchanges {
        declare_delay_exchange(&channel, exchange).await?;
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
    bind(link, &delivery_binding(queue)).await
}

/// Gives queues that were declared again what waits for them, also where the broker has forgotten the exchange.
pub(super) async fn restore_delivery(
    link: &Arc<Link>,
    queues: impl IntoIterator<Item = &str>,
) -> Result<(), TransportErrorKind> {
    let channel = open(link).await?;
    declare_delay_exchange(&channel, &DelayExchange::delivery()).await?;
    for queue in queues {
        bind_on(&channel, &delivery_binding(queue)).await?;
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

async fn declare_delay_exchange(
    channel: &Channel,
    exchange: &DelayExchange,
) -> Result<(), TransportErrorKind> {
    let DelayExchange { name, arguments } = exchange;
    let declared =
        declare_exchange(channel, &Exchange::new(name, ExchangeKind::Topic), arguments, false).await;
    declared.map_err(|trouble| trouble.into_kind(&format!("declare the exchange `{name}`")))
}

async fn bind_exchange(channel: &Channel, binding: &ExchangeBinding) -> Result<(), TransportErrorKind> {
    let ExchangeBinding { source, destination, key } = binding;
    let arguments = ExchangeBindArguments::new(destination, source, key);
    let bound = channel.call(|raw| async move { raw.exchange_bind(arguments).await }).await;
    bound.map_err(|trouble| trouble.into_kind(&format!("bind the exchange `{destination}` to `{source}`")))
}
