use std::pin::pin;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::session::Session;
use crate::amqp::trouble::Trouble;

/// How many slow deliveries a consumer leaves behind at most. What is slow after that holds up the channel that consumes.
const MOST: usize = 8;

/// The channels that consume no more, because something on each is slow: they settle what they have, and close.
#[derive(Debug, Default)]
pub(super) struct LeftBehind {
    tasks: JoinSet<usize>,
    slow: usize,
}

impl LeftBehind {
    /// Whether so many more slow deliveries may be left behind.
    pub(super) fn has_room(&mut self, slow: usize) -> bool {
        while let Some(Ok(settled)) = self.tasks.try_join_next() {
            self.slow -= settled;
        }
        self.slow + slow <= MOST
    }

    /// Lets a channel settle what it has, until `close`.
    pub(super) fn take(&mut self, session: Session, close: CancellationToken) {
        let slow = session.settling.slow();
        self.slow += slow;
        self.tasks.spawn(async move {
            finish(session, close).await;
            slow
        });
    }

    /// Waits for all of them.
    pub(super) async fn join(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn finish(mut session: Session, close: CancellationToken) {
    let settled = tokio::select! {
        biased;
        () = close.cancelled() => Ok(()),
        settled = settle(&mut session) => settled,
    };
    match settled {
        Ok(()) => session.close().await,
        Err(trouble) => {
            tracing::warn!(%trouble, "what takes so long comes again");
            session.abandon();
        }
    }
}

/// Tells what is settled, until everything is.
async fn settle(session: &mut Session) -> Result<(), Trouble> {
    let link = session.link().clone();
    let mut ended = pin!(link.ended());
    while !session.settling.is_settled() {
        tokio::select! {
            biased;
            cancelled = session.cancels.recv() => if cancelled.is_none() {
                return Err(session.trouble());
            },
            () = &mut ended => return Err(session.trouble()),
            () = session.settling.due() => session.settle().await?,
        }
    }
    Ok(())
}
