//! The main job in one program: a command with a reply, an event, a transaction, a failure that is retried.
//!
//! In process as it is; the same program on RabbitMQ with `LEVERET_URL=amqp://guest:guest@localhost`.

use std::time::Duration;

use leveret::{Bus, Context, HandlerError, Message, RetryPolicy, handler};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "quickstart", reply = Receipt)]
struct ChargeCard {
    order: u32,
    cents: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(reply)]
struct Receipt {
    authorised: bool,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "quickstart.card-charged")]
struct CardCharged {
    order: u32,
}

struct Billing {
    charged: mpsc::Sender<u32>,
}

#[handler(endpoint = "quickstart")]
impl Billing {
    #[handler]
    async fn charge(&self, command: ChargeCard, ctx: &Context) -> Result<Receipt, HandlerError> {
        println!("  billing: {command:?}, attempt {}", ctx.attempt());
        if command.order == 2 && ctx.attempt() == 1 {
            return Err("the card terminal is busy".into()); // retried, after a pause
        }
        ctx.publish(CardCharged { order: command.order }).await?; // leaves only if this succeeds
        Ok(Receipt { authorised: command.cents < 10_000 })
    }

    #[handler]
    async fn charged(&self, event: CardCharged) -> Result<(), HandlerError> {
        println!("  billing: {event:?}");
        Ok(self.charged.send(event.order).await?)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("LEVERET_URL").unwrap_or_else(|_| "memory://quickstart".to_owned());
    let (charged, mut orders) = mpsc::channel(10);

    println!("starting the endpoint `quickstart`");
    let retry = RetryPolicy::exponential(Duration::from_millis(100)).max_retries(5);
    let bus = Bus::builder(url).endpoint(Billing { charged }).retry(retry).start().await?;

    println!("requesting a receipt");
    let receipt = bus.request(ChargeCard { order: 1, cents: 4_200 }).await?;
    println!("got {receipt:?}");

    println!("sending a command whose first attempt fails, and one in a transaction with it");
    let tx = bus.transaction();
    tx.send(ChargeCard { order: 2, cents: 1_000 }).await?;
    tx.send(ChargeCard { order: 3, cents: 99_000 }).await?;
    tx.commit().await?;

    for _ in 0..3 {
        let order = tokio::time::timeout(Duration::from_secs(10), orders.recv()).await?;
        println!("order {order:?} is charged");
    }
    bus.shutdown().await?;
    println!("done");
    Ok(())
}
