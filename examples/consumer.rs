//! A service that handles commands and events until it is asked to end (Ctrl-C, or SIGTERM).
//!
//! It starts with two messages of its own, so that there is something to see. With `LEVERET_URL` set, run the examples
//! `send`, `publish` and `transaction` beside it, and stop and start the broker: it comes back by itself.

mod contracts;

use contracts::{Greet, Greeted};
use leveret::{AnyMessage, Bus, Context, HandlerError, handler};

struct Greeter;

#[handler(endpoint = "greeter")]
impl Greeter {
    #[handler]
    async fn greet(&self, command: Greet, ctx: &Context) -> Result<(), HandlerError> {
        println!("greet {} (attempt {}, from {:?})", command.name, ctx.attempt(), ctx.source());
        ctx.publish(Greeted { name: command.name }).await?;
        Ok(())
    }

    #[handler]
    async fn greeted(&self, event: Greeted) -> Result<(), HandlerError> {
        println!("greeted {}", event.name);
        Ok(())
    }

    #[handler(topic = "weather.#")]
    async fn weather(&self, message: AnyMessage) -> Result<(), HandlerError> {
        println!("{}: {}", message.topic(), String::from_utf8_lossy(message.body()));
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bus = Bus::builder(contracts::url()).endpoint(Greeter).concurrency(4).start().await?;
    println!("consuming; Ctrl-C ends it");
    bus.send(Greet { name: "Ada".into() }).await?;
    bus.publish_raw("weather.oslo", "", "\"rain\"").await?;
    Ok(bus.run_until_signal().await?)
}
