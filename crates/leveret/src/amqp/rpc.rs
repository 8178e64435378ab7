use std::{future::Future, time::Duration};

use tokio::time::timeout;
use tokio_util::task::TaskTracker;

/// How long the broker may take to answer one question.
pub(super) const RPC_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a shielded call has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoResult {
    /// It is not done yet, and goes on by itself.
    Late,
    /// It panicked.
    Panicked,
}

/// Runs a call of amqprs to its end in a task of its own, and waits for it no longer than `limit`.
///
/// amqprs' reader and dispatcher panic when the future of a call is dropped half-way, and leave a connection behind
/// that looks alive and is not (hazards H1, H2); its handshake panics at what it does not expect (H15). So nobody
/// drops these futures: they end with the connection, whose heartbeats bound them, and `tasks` knows them until then.
pub(super) async fn shielded<T: Send + 'static>(
    tasks: &TaskTracker,
    limit: Duration,
    call: impl Future<Output = T> + Send + 'static,
) -> Result<T, NoResult> {
    match timeout(limit, tasks.spawn(call)).await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(_)) => Err(NoResult::Panicked),
        Err(_) => Err(NoResult::Late),
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_late_call_goes_on_by_itself() {
        let tasks = TaskTracker::new();
        let (finish, finished) = oneshot::channel::<()>();
        let call = shielded(&tasks, Duration::from_secs(1), finished);
        assert_eq!(call.await, Err(NoResult::Late));
        assert!(finish.send(()).is_ok(), "the call was dropped");
        tasks.close();
        tasks.wait().await;
    }

    #[tokio::test]
    async fn a_panic_is_no_result() {
        let tasks = TaskTracker::new();
        let call = shielded(&tasks, RPC_TIMEOUT, async { panic!("on purpose") });
        assert_eq!(call.await, Err::<(), _>(NoResult::Panicked));
    }
}
