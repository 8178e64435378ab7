use std::{error::Error, time::Duration};

use tokio::time::timeout;

/// What went wrong, for the reader.
pub(crate) type Trouble = Box<dyn Error + Send + Sync>;

/// How a step ends.
pub(crate) type Outcome<T = ()> = Result<T, Trouble>;

/// Waits for a step, and names it when it takes too long.
pub(crate) async fn within<T>(
    limit: Duration,
    what: &str,
    step: impl Future<Output = Outcome<T>>,
) -> Outcome<T> {
    timeout(limit, step).await.unwrap_or_else(|_| Err(format!("{what}: not done after {limit:?}").into()))
}
