use std::time::{Duration, Instant};

use tokio::time::sleep;

/// How often is asked. What is waited for here tells nobody when it happens.
const POLL: Duration = Duration::from_millis(20);

/// Asks until the answer is yes, or the time is over: then `false`.
pub(super) async fn within(limit: Duration, mut condition: impl AsyncFnMut() -> bool) -> bool {
    let deadline = Instant::now() + limit;
    while !condition().await {
        if Instant::now() > deadline {
            return false;
        }
        sleep(POLL).await;
    }
    true
}
