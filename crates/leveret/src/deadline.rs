//! Points in time by which something must be done.

use std::time::Duration;

use tokio::time::Instant;

/// As long as forever is for a program: what a timeout means that reaches beyond what the clock can tell.
const FOREVER: Duration = Duration::from_secs(60 * 60 * 24 * 365 * 30);

/// When `timeout` will have passed, counted from `start`.
pub(crate) fn after(start: Instant, timeout: Duration) -> Instant {
    start.checked_add(timeout).unwrap_or(start + FOREVER)
}

/// When `timeout` will have passed, counted from now.
pub(crate) fn in_future(timeout: Duration) -> Instant {
    after(Instant::now(), timeout)
}

/// A timeout that transports can reckon with, however they do it.
pub(crate) fn bounded(timeout: Duration) -> Duration {
    timeout.min(FOREVER)
}
