//! Publishes an event to whoever subscribed: two services, one of them by a pattern.

mod contracts;

use contracts::{Greeted, url};
use leveret::{AnyMessage, Bus, HandlerError, handler};

struct Statistics;

#[handler(endpoint = "statistics")]
impl Statistics {
    #[handler]
    async fn greeted(&self, event: Greeted) -> Result<(), HandlerError> {
        println!("statistics: {event:?}");
        Ok(())
    }
}

struct Audit;

#[handler(endpoint = "audit")]
impl Audit {
    #[handler(topic = "greeter.#")]
    async fn anything(&self, message: AnyMessage) -> Result<(), HandlerError> {
        println!("audit: {} on {}", message.message_type().unwrap_or_default(), message.topic());
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let statistics = Bus::builder(url()).endpoint(Statistics).start().await?;
    let audit = Bus::builder(url()).endpoint(Audit).start().await?;

    let publisher = Bus::builder(url()).start().await?;
    publisher.publish(Greeted { name: "Ada".into() }).await?;
    println!("confirmed, in both queues");

    statistics.unsubscribe::<Greeted>().await?;
    publisher.publish(Greeted { name: "Grace".into() }).await?; // now only for the audit

    for bus in [statistics, audit, publisher] {
        bus.shutdown().await?;
    }
    Ok(())
}
