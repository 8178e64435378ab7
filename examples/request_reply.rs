//! A command whose reply is awaited, and one whose reply comes back to the sender's own endpoint.

mod contracts;

use std::time::Duration;

use contracts::url;
use leveret::{Bus, Context, HandlerError, Message, handler};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "adder", reply = Sum)]
struct Add {
    a: i64,
    b: i64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(reply)]
struct Sum {
    sum: i64,
}

struct Adder;

#[handler(endpoint = "adder")]
impl Adder {
    #[handler]
    async fn add(&self, command: Add) -> Result<Sum, HandlerError> {
        Ok(Sum { sum: command.a + command.b }) // the compiler insists on a `Sum`
    }
}

struct Asker {
    answers: mpsc::Sender<i64>,
}

#[handler(endpoint = "asker")]
impl Asker {
    #[handler]
    async fn sum(&self, reply: Sum, ctx: &Context) -> Result<(), HandlerError> {
        println!("the answer to {:?} came to the endpoint", ctx.in_reply_to());
        Ok(self.answers.send(reply.sum).await?)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (answers, mut sums) = mpsc::channel(1);
    let adder = Bus::builder(url()).endpoint(Adder).start().await?;
    let asker = Bus::builder(url()).endpoint(Asker { answers }).start().await?;

    let reply = asker.request(Add { a: 2, b: 3 }).timeout(Duration::from_secs(5)).await?;
    println!("2 + 3 = {}", reply.sum);

    asker.send(Add { a: 20, b: 30 }).await?; // nobody waits: the reply is handled
    println!("20 + 30 = {:?}", sums.recv().await);

    asker.shutdown().await?;
    adder.shutdown().await?;
    Ok(())
}
