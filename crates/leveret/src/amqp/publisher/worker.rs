use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

use super::{
    blame::Blame,
    desk::{Advance, Desk},
    entry::Entry,
    handle::AmqpPublisher,
    session::Session,
    waiting::Waiting,
};
use crate::{
    amqp::{
        callbacks::Cancelled,
        connection::{Connected, Link},
        settings::Settings,
        topology::Memory,
        trouble::{ServerClose, Trouble},
    },
    transport::{FRAME_MAX, PublishErrorKind},
};

/// How often refused messages, forgotten ones and a stalled broker are looked for.
const TICK: Duration = Duration::from_millis(250);
/// Before the next channel, when the last one could not be opened.
const REOPEN: Duration = Duration::from_millis(100);

/// The task that opens the publishing channel, and sees to the messages that their senders cannot write themselves: those
/// that wait for a connection, were lost with one, or were refused. Everything it holds has its place in the window, so it
/// is bounded.
pub(crate) struct Worker {
    connected: Connected,
    /// Of the consuming connection, for declaring again what a publish missed.
    consuming: Connected,
    topology: Arc<Memory>,
    desk: Arc<Desk>,
    waiting: Waiting,
    frame_max: Arc<AtomicU32>,
    /// How many channels it has had.
    channels: u64,
    is_stalled: bool,
    /// Finish what was admitted, then end.
    drain: CancellationToken,
    /// End now.
    stop: CancellationToken,
}

/// Why a session ended.
enum End {
    /// Everything is written and confirmed, and no more will come; or it does not matter any more.
    Finished,
    /// The channel is of no use any more.
    Broken,
}

impl Worker {
    pub(crate) fn new(
        settings: Arc<Settings>,
        connected: Connected,
        consuming: Connected,
        topology: Arc<Memory>,
        drain: CancellationToken,
        stop: CancellationToken,
    ) -> (Self, Arc<AmqpPublisher>) {
        let desk = Arc::new(Desk::default());
        // Until the first connection says otherwise.
        let frame_max = Arc::new(AtomicU32::new(FRAME_MAX));
        let handle = AmqpPublisher::new(settings, connected.clone(), frame_max.clone(), desk.clone());
        let worker = Self {
            connected,
            consuming,
            topology,
            desk,
            waiting: Waiting::default(),
            frame_max,
            channels: 0,
            is_stalled: false,
            drain,
            stop,
        };
        (worker, Arc::new(handle))
    }

    /// Runs until it is drained or stopped. What is left then has lost its sender, and its publishers hear of it.
    pub(crate) async fn run(mut self) {
        while let Some(link) = self.next_link().await {
            self.frame_max.store(link.frame_max, Ordering::Relaxed);
            self.channels += 1;
            let end = match Session::open(&link, self.channels, &self.desk).await {
                Ok((session, ended)) => {
                    self.desk.begin(session);
                    self.serve(&link, ended).await
                }
                Err(trouble) => {
                    tracing::warn!(%trouble, "cannot open a channel for publishing");
                    self.pause(&link).await;
                    End::Broken
                }
            };
            if let End::Finished = end {
                break;
            }
        }
    }

    /// Waits for a connection. `None` when there is nothing left to do, or nobody to do it.
    async fn next_link(&mut self) -> Option<Arc<Link>> {
        let mut tick = interval(TICK);
        loop {
            if self.drain.is_cancelled() {
                self.desk.close();
            }
            // So that those whose senders have given up make room in the window.
            if self.desk.take_in(&mut self.waiting) {
                return None;
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                link = self.connected.link() => return link,
                () = self.desk.news() => {}
                _ = tick.tick() => self.waiting.tidy(),
            }
        }
    }

    async fn serve(&mut self, link: &Link, mut ended: mpsc::Receiver<Cancelled>) -> End {
        let (stop, drain) = (self.stop.clone(), self.drain.clone());
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_draining = false;
        loop {
            match self.desk.advance(&mut self.waiting) {
                Advance::Resting => {}
                Advance::Broken => return self.broken().await,
                Advance::Finished => {
                    if let Some(session) = self.desk.leave() {
                        session.close().await;
                    }
                    return End::Finished;
                }
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => return End::Finished,
                // Nobody consumes here, so nothing comes but the end.
                _ = ended.recv() => return self.broken().await,
                () = link.ended() => return self.broken().await,
                () = drain.cancelled(), if !is_draining => {
                    is_draining = true;
                    self.desk.close();
                }
                () = self.desk.news() => {}
                _ = tick.tick() => self.look_around(),
            }
        }
    }

    /// The channel is gone. What the broker cannot accept fails; all else is sent again, in its order, before what
    /// has not been written yet.
    async fn broken(&mut self) -> End {
        let Some(mut session) = self.desk.leave() else { return End::Broken };
        let trouble = session.trouble();
        let alone = session.ledger.len() == 1;
        let unconfirmed: Vec<_> = session.ledger.drain().filter(Entry::is_wanted).collect();
        tracing::warn!(%trouble, unconfirmed = unconfirmed.len(), "the channel for publishing is gone");
        match trouble {
            Trouble::Closed(close) => self.accuse(close, unconfirmed, alone).await,
            Trouble::Lost(_) => self.waiting.push_first(unconfirmed),
        }
        End::Broken
    }

    /// `alone`: nothing else was unconfirmed, so whatever the broker complains about, it is this one.
    async fn accuse(&mut self, close: ServerClose, unconfirmed: Vec<Entry>, alone: bool) {
        let rejected = PublishErrorKind::Rejected { code: close.code, text: close.text.clone() };
        let blame = match Blame::find(&close) {
            Blame::Nobody => return self.waiting.push_first(unconfirmed),
            blame => blame,
        };
        let (guilty, innocent): (Vec<_>, Vec<_>) =
            unconfirmed.into_iter().partition(|entry| alone || blame.is_guilty(&entry.outgoing));
        if guilty.is_empty() {
            self.waiting.suspect(innocent);
            return;
        }
        // An exchange may be missing because the broker has forgotten it: that is worth one more try.
        let may_come_back = matches!(blame, Blame::Missing { .. });
        let (again, guilty): (Vec<_>, Vec<_>) =
            guilty.into_iter().partition(|entry| may_come_back && !entry.declared_again);
        for entry in guilty {
            entry.finish(Err(rejected.clone()));
        }
        if again.is_empty() {
            return self.waiting.push_first(innocent);
        }
        self.declare_again().await;
        let retried = again.into_iter().map(|entry| Entry { declared_again: true, ..entry });
        self.waiting.push_first(innocent.into_iter().chain(retried).collect());
    }

    async fn declare_again(&mut self) {
        let link = tokio::select! {
            link = self.consuming.link() => link,
            () = tokio::time::sleep(REOPEN) => None,
            () = self.stop.cancelled() => None,
        };
        if let Some(link) = link
            && let Err(error) = self.topology.restore(&link).await
        {
            tracing::warn!(%error, "cannot declare again what a publish missed");
        }
    }

    fn look_around(&mut self) {
        self.waiting.tidy();
        let is_stalled = self.desk.is_stalled();
        if is_stalled && !self.is_stalled {
            tracing::warn!("RabbitMQ has confirmed nothing for 5 s: a memory or disk alarm, or it hangs");
        }
        self.is_stalled = is_stalled;
    }

    async fn pause(&self, link: &Link) {
        tokio::select! {
            () = tokio::time::sleep(REOPEN) => {}
            () = link.ended() => {}
            () = self.stop.cancelled() => {}
        }
    }
}

impl Drop for Worker {
    /// Nobody sees to the desk any more, however that came.
    fn drop(&mut self) {
        self.desk.clear();
    }
}
