//! Commands for later: they wait in the broker, and need no process until their time has come.

mod contracts;

use std::time::{Duration, Instant, SystemTime};

use contracts::{Greet, url};
use leveret::{Bus, HandlerError, handler};
use tokio::sync::mpsc;

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
    let (greeted, mut names) = mpsc::channel(10);
    let start = || Bus::builder(url()).endpoint(Greeter { greeted: greeted.clone() }).start();
    let bus = start().await?;

    let began = Instant::now();
    bus.defer(Greet { name: "Ada, in three seconds".into() }, Duration::from_secs(3)).await?;
    let soon = SystemTime::now() + Duration::from_secs(1);
    bus.send(Greet { name: "Grace, at a certain time".into() }).at(soon).await?;
    bus.send(Greet { name: "Edsger, now".into() }).await?;
    for _ in 0..2 {
        let name = names.recv().await;
        println!("after {:4} ms: {name:?}", began.elapsed().as_millis());
    }

    bus.shutdown().await?; // what waits does not need this process
    let bus = start().await?;
    let name = names.recv().await;
    println!("after {:4} ms: {name:?}", began.elapsed().as_millis());
    bus.shutdown().await?;
    Ok(())
}
