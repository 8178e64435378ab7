//! Runs a private RabbitMQ for trying things by hand: `cargo run -p leveret-tests --bin broker`.
//!
//! Prints the URL and the folder of its files, then serves until its input ends or it is interrupted.

use std::io::{Read, stdin};

use leveret_tests::broker::Broker;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let broker = Broker::start().await;
    println!("{}", broker.url());
    println!("{}", broker.folder().display());
    stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
