use std::{panic::AssertUnwindSafe, pin::pin, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::{task::yield_now, time::Instant};
use tokio_util::sync::CancellationToken;

use super::{Processor, line::Errand};

/// How long a task goes from message to message before it lets others have the thread: handlers that never wait would
/// keep it for as long as messages come.
const LONGEST_TURN: Duration = Duration::from_micros(200);

/// What a task works with that processes messages.
pub(super) struct Runner {
    pub(super) processor: Arc<Processor>,
    /// Tells messages that wait for something that they go back.
    pub(super) draining: CancellationToken,
    /// Ends messages as they are.
    pub(super) aborting: CancellationToken,
}

/// Processes the first message of the line, and after it those that come next: a task for each would have to be made,
/// scheduled and woken.
pub(super) async fn run(runner: Runner, errand: Errand) {
    let processed = pin!(AssertUnwindSafe(one_after_another(&runner, errand)).catch_unwind());
    if let Some(Err(_)) = runner.aborting.run_until_cancelled(processed).await {
        // The message was dropped unsettled, so the broker delivers it again.
        tracing::error!("processing a message ended abnormally");
    }
}

async fn one_after_another(runner: &Runner, errand: Errand) {
    let Runner { processor, draining, .. } = runner;
    let mut began = Instant::now();
    let mut next = errand.fetch();
    while let Some((incoming, permit)) = next {
        let permit = processor.process(incoming, permit, draining).await;
        if began.elapsed() >= LONGEST_TURN {
            yield_now().await;
            began = Instant::now();
        }
        next = permit.and_then(|permit| processor.line().next(permit));
    }
}
