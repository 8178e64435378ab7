use std::time::{Duration, Instant};

use serde::Deserialize;
use tokio::time::sleep;

use super::{
    contracts::Load,
    world::{ENDPOINT, World},
};

/// What is waited for here tells nobody when it happens.
const POLL: Duration = Duration::from_millis(100);

/// How long the queue may take to run empty, and how long nothing may happen while messages are missing.
const LONGEST: Duration = Duration::from_secs(180);
const SILENCE: Duration = Duration::from_secs(30);

/// How many messages in `error` are looked at.
const EXAMPLES: usize = 5;

/// Waits until everything that was sent is handled and the queue is empty, or nothing moves any more.
pub(super) async fn drain(world: &World) {
    let started = Instant::now();
    let (mut handled, mut moved_at) = (0, started);
    while started.elapsed() < LONGEST && moved_at.elapsed() < SILENCE {
        let depth = world.receiver.queue_depth(ENDPOINT).await;
        if world.ledger.missing() == 0 && matches!(depth, Ok(0)) {
            return;
        }
        let now = world.ledger.counts();
        if now.handled + now.duplicated != handled {
            (handled, moved_at) = (now.handled + now.duplicated, Instant::now());
        }
        sleep(POLL).await;
    }
}

#[derive(Deserialize)]
struct Body {
    load: Load,
}

/// How many messages are in `error`, and what the first of them say.
pub(super) async fn in_error(world: &World) -> Result<(u32, Vec<String>), String> {
    let depth = world.receiver.queue_depth("error").await.map_err(|error| error.to_string())?;
    let mut examples = Vec::new();
    for _ in 0..EXAMPLES {
        let Some(message) = world.receiver.get("error").await.map_err(|error| error.to_string())? else {
            break;
        };
        let number = message.json::<Body>().map(|body| body.load.number);
        let details = message.headers().text("PikaBus.ErrorDetails").map(str::to_owned);
        examples.push(format!(
            "message {number:?}: x-death {:?}, details {details:?}",
            message.headers().get("x-death")
        ));
        message.ack(); // the broker goes away with it
    }
    Ok((depth, examples))
}
