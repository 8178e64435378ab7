//! Messages that leave together, at the commit; and a queue that is read one message at a time.

mod contracts;

use contracts::{Greet, url};
use leveret::{AnyMessage, Bus, HandlerError, handler};

struct Greeter;

#[handler(endpoint = "greeter")]
impl Greeter {
    #[handler]
    async fn anything(&self, _: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bus = Bus::builder(url()).endpoint(Greeter).start().await?;
    bus.pause().await?; // the queue is there, and keeps what comes

    let tx = bus.transaction();
    tx.send(Greet { name: "Ada".into() }).await?;
    tx.send(Greet { name: "Grace".into() }).await?;
    println!("before the commit {} messages are in the queue", bus.queue_depth("greeter").await?);
    tx.commit().await?;

    let abandoned = bus.transaction();
    abandoned.send(Greet { name: "nobody".into() }).await?;
    drop(abandoned); // nothing leaves

    while let Some(pulled) = bus.get("greeter").await? {
        println!("pulled {}", pulled.json::<Greet>()?.name);
        pulled.ack();
    }
    bus.shutdown().await?;
    Ok(())
}
