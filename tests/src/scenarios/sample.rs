//! The sample of a service that the design opens with, as it stands: what it promises must run.

use std::{sync::Arc, time::Duration};

use leveret::{AnyMessage, Bus, Context, HandlerError, Message, RetryPolicy, handler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Env,
    steps::{Hear, Tell, channel, within},
};

// contracts, shared by every service

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = Receipt)]
struct ChargeCard {
    order: Uuid,
    cents: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(reply)]
struct Receipt {
    authorised: bool,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "billing.card-charged", mandatory = false)]
struct CardCharged {
    order: Uuid,
    cents: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "orders.placed")]
struct OrderPlaced {
    order: Uuid,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "stock", reply = StockReserved)]
struct ReserveStock {
    order: Uuid,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(reply)]
struct StockReserved {
    order: Uuid,
}

// the service

/// A payment provider that tells the case what it did, and is down for the first charge.
struct Gateway {
    told: Tell<String>,
    down: std::sync::atomic::AtomicBool,
}

impl Gateway {
    async fn charge(&self, order: Uuid, cents: u64) -> Result<(), std::io::Error> {
        tokio::task::yield_now().await;
        if self.down.swap(false, std::sync::atomic::Ordering::SeqCst) {
            return Err(std::io::Error::other("the gateway is down"));
        }
        self.told.tell(format!("charged {cents} for {order}"));
        Ok(())
    }
}

struct Billing {
    gateway: Arc<Gateway>,
}

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn charge(&self, command: ChargeCard, ctx: &Context) -> Result<Receipt, HandlerError> {
        self.gateway.charge(command.order, command.cents).await?;
        ctx.publish(CardCharged { order: command.order, cents: command.cents }).await?;
        Ok(Receipt { authorised: true })
    }

    #[handler(topic = "orders.*")]
    async fn order_placed(&self, event: OrderPlaced, ctx: &Context) -> Result<(), HandlerError> {
        ctx.send(ReserveStock { order: event.order }).await?;
        Ok(())
    }

    #[handler]
    async fn reserved(&self, reply: StockReserved, ctx: &Context) -> Result<(), HandlerError> {
        let source = ctx.source().unwrap_or_default();
        self.gateway.told.tell(format!("{source} reserved {}", reply.order));
        Ok(())
    }

    #[handler(topic = "audit.#")]
    async fn anything(&self, message: AnyMessage, ctx: &Context) -> Result<(), HandlerError> {
        self.gateway.told.tell(format!("{} with {} bytes", ctx.topic(), message.body().len()));
        Ok(())
    }
}

struct Stock;

#[handler(endpoint = "stock")]
impl Stock {
    #[handler]
    async fn reserve(&self, command: ReserveStock) -> Result<StockReserved, HandlerError> {
        Ok(StockReserved { order: command.order })
    }
}

struct Accounts(Tell<String>);

#[handler(endpoint = "accounts")]
impl Accounts {
    #[handler]
    async fn charged(&self, event: CardCharged) -> Result<(), HandlerError> {
        self.0.tell(format!("accounted {} for {}", event.cents, event.order));
        Ok(())
    }
}

async fn service(env: &Env) -> (Bus, Hear<String>) {
    let (told, hear) = channel();
    let gateway = Arc::new(Gateway { told, down: false.into() });
    (billing(env, &gateway).await, hear)
}

async fn billing(env: &Env, gateway: &Arc<Gateway>) -> Bus {
    let builder = env
        .bus()
        .endpoint(Billing { gateway: gateway.clone() })
        .concurrency(16)
        .retry(RetryPolicy::exponential(Duration::from_millis(10)).max_retries(5));
    env.start(builder).await
}

/// The `main` of the sample, without the delay: that is a case of its own.
pub async fn every_verb(env: &Env) {
    let (bus, mut heard) = service(env).await;
    let order = Uuid::from_u128(7);
    let charge = || ChargeCard { order, cents: 4_200 };
    let charged = || format!("charged 4200 for {order}");

    bus.send(charge()).await.unwrap();
    assert_eq!(heard.next().await, charged());
    bus.publish(CardCharged { order, cents: 4_200 }).await.unwrap();

    let receipt: Receipt = bus.request(charge()).await.unwrap();
    assert!(receipt.authorised);
    assert_eq!(heard.next().await, charged());

    let tx = bus.transaction();
    tx.send(charge()).await.unwrap();
    tx.publish(CardCharged { order, cents: 4_200 }).await.unwrap();
    assert_eq!(tx.len(), 2);
    tx.commit().await.unwrap();
    assert_eq!(heard.next().await, charged());

    within("shutdown", bus.shutdown()).await.unwrap();
}

/// A failing gateway is tried again; the event leaves once, when the handler has succeeded.
pub async fn any_error_is_retried(env: &Env) {
    let (told, mut heard) = channel();
    env.start(env.bus().endpoint(Accounts(told.clone()))).await;
    let gateway = Arc::new(Gateway { told, down: true.into() });
    let bus = billing(env, &gateway).await;
    let order = Uuid::from_u128(8);
    let receipt = bus.request(ChargeCard { order, cents: 5 }).await.unwrap();
    assert!(receipt.authorised);
    let mut both = heard.take(2).await;
    both.sort();
    assert_eq!(both, [format!("accounted 5 for {order}"), format!("charged 5 for {order}")]);
    assert_eq!((bus.counts().failed, bus.counts().retried), (1, 1));
}

/// An event by pattern, a command that it leads to, and the reply to that without waiting.
pub async fn events_and_replies_reach_their_handlers(env: &Env) {
    env.start(env.bus().endpoint(Stock)).await;
    let (bus, mut heard) = service(env).await;
    let order = Uuid::from_u128(9);
    bus.publish(OrderPlaced { order }).await.unwrap();
    assert_eq!(heard.next().await, format!("stock reserved {order}"));
}

/// Whatever arrives on a topic reaches the handler of everything, undecoded.
pub async fn anything_on_a_topic(env: &Env) {
    let (bus, mut heard) = service(env).await;
    bus.publish_raw("audit.login.failed", "", "no JSON").await.unwrap();
    assert_eq!(heard.next().await, "audit.login.failed with 7 bytes");
    bus.publish_raw("audit", "Unheard.Of", "{}").await.unwrap();
    assert_eq!(heard.next().await, "audit with 2 bytes");
}
