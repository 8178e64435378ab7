//! What becomes of messages whose handlers fail: rules, the word of the error itself, a watcher, and the error queue.

mod contracts;

use std::{num::ParseIntError, time::Duration};

use contracts::url;
use leveret::{
    Bus, Context, HandlerError, HandlerResultExt, Message, RetryPolicy, handler,
    retry::{Failed, Verdict},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "failing")]
struct Pay {
    cents: String,
}

struct Failing;

#[handler(endpoint = "failing")]
impl Failing {
    #[handler]
    async fn pay(&self, command: Pay, ctx: &Context) -> Result<(), HandlerError> {
        match command.cents.as_str() {
            "0" => return Err("nothing to pay").discard(), // acknowledged and forgotten
            "-1" => return Err("a payment cannot be negative").permanent(), // to `error` at once
            "1" if ctx.attempt() == 1 => return Err("busy").retry_after(Duration::from_millis(300)),
            _ => {}
        }
        let cents: u64 = command.cents.parse()?; // by the rule below: to `error` at once
        if cents > 1_000 {
            return Err(format!("the bank refuses {cents}").into()); // by the policy: retried, then to `error`
        }
        println!("paid {cents} at attempt {}", ctx.attempt());
        Ok(())
    }
}

/// In place of the policy: it sees what the policy would do.
fn no_second_chance_for_millions(failed: &Failed<'_>) -> Verdict {
    match failed.failure().to_string() {
        text if text.contains("1000000") => Verdict::MoveToError,
        _ => failed.verdict(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = RetryPolicy::fixed(Duration::from_millis(100))
        .max_retries(1)
        .on::<ParseIntError>(Verdict::MoveToError)
        .when(|failure| failure.to_string().contains("timeout"), RetryPolicy::pikabus());
    let bus = Bus::builder(url())
        .endpoint(Failing)
        .retry(policy)
        .error_handler(no_second_chance_for_millions)
        .on_failure(|failed| {
            println!("attempt {} failed: {}: {:?}", failed.attempt(), failed.failure(), failed.verdict());
        })
        .error_queue_name("failing.error")
        .start()
        .await?;
    for cents in ["0", "-1", "1", "many", "5000", "1000000"] {
        bus.send(Pay { cents: cents.to_owned() }).await?;
    }
    while bus.counts().handled + bus.counts().discarded + bus.counts().moved_to_error < 6 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    while let Some(pulled) = bus.get("failing.error").await? {
        let failed = pulled.ack();
        let header = |name| failed.headers().text(name).unwrap_or_default();
        println!("in the error queue: {:?}: {}", failed.json::<Pay>()?, header("PikaBus.ErrorDetails"));
    }
    Ok(bus.shutdown().await?)
}
