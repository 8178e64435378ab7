//! Sends commands to one receiver. Sending fails if the queue of the receiver does not exist.

mod contracts;

use contracts::{Greet, url};
use leveret::{Bus, HandlerError, handler};
use tokio::sync::mpsc;

/// The receiver. Usually another process: the example `consumer`.
struct Greeter {
    greeted: mpsc::Sender<String>,
}

#[handler(endpoint = "greeter")]
impl Greeter {
    #[handler]
    async fn greet(&self, command: Greet) -> Result<(), HandlerError> {
        Ok(self.greeted.send(command.name).await?)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sender = Bus::builder(url()).start().await?; // no endpoint: it only sends
    if let Err(error) = sender.send(Greet { name: "nobody".into() }).await {
        println!("before the receiver ever started: {error}");
    }

    let (greeted, mut names) = mpsc::channel(10);
    let receiver = Bus::builder(url()).endpoint(Greeter { greeted }).start().await?;
    sender.send(Greet { name: "Ada".into() }).await?;
    sender.send(Greet { name: "Grace".into() }).header("shop", "oslo").priority(5).await?;
    println!("both are confirmed by the broker");
    for _ in 0..2 {
        println!("greeted {:?}", names.recv().await);
    }

    receiver.shutdown().await?; // lets running handlers finish
    sender.shutdown().await?;
    Ok(())
}
