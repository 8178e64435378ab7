use std::time::{Duration, Instant};

use tokio::{net::TcpStream, time::sleep};

use super::world::World;

/// What is waited for here tells nobody when it happens.
const POLL: Duration = Duration::from_millis(5);

/// After this long it counts as not recovered.
const PATIENCE: Duration = Duration::from_secs(60);

/// By which connections was sent and consumed before a fault.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    publishing: Option<u64>,
    consuming: u64,
}

impl Before {
    pub(super) fn now(world: &World) -> Self {
        Self { publishing: world.publishing_epoch(), consuming: world.ledger.counts().epoch }
    }
}

/// How long it takes from now until a message is sent and one is handled; by newer connections where `before` is
/// given. `None` when it takes too long.
pub(super) async fn recovered(world: &World, before: Option<Before>) -> Option<Duration> {
    let started = Instant::now();
    if let Some(before) = before {
        until(started, || world.publishing_epoch().is_some_and(|epoch| Some(epoch) > before.publishing))
            .await?;
    }
    let counts = world.ledger.counts();
    until(started, || {
        let now = world.ledger.counts();
        let consuming = match before {
            Some(before) => now.epoch > before.consuming,
            None => now.handled > counts.handled,
        };
        now.ok > counts.ok && consuming
    })
    .await?;
    Some(started.elapsed())
}

/// Returns when a port accepts connections, or the patience is over.
pub(super) async fn accepting(port: u16) {
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() && started.elapsed() < PATIENCE {
        sleep(POLL).await;
    }
}

async fn until(started: Instant, condition: impl Fn() -> bool) -> Option<()> {
    while !condition() {
        if started.elapsed() > PATIENCE {
            return None;
        }
        sleep(POLL).await;
    }
    Some(())
}
