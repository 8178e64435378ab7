use std::{
    pin::pin,
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
    entry::Entry,
    gauge::{Gauge, STALL},
    handle::AmqpPublisher,
    ledger::Outcome,
    session::Session,
    waiting::Waiting,
};
use crate::{
    amqp::{
        connection::{Connected, Link},
        settings::Settings,
        topology::Memory,
        trouble::{ServerClose, Trouble},
    },
    transport::{FRAME_MAX, PublishErrorKind},
};

/// How often a message that a queue refuses is tried again (design §3).
const MOST_REFUSALS: u32 = 3;
/// How often refused messages, forgotten ones and a stalled broker are looked for.
const TICK: Duration = Duration::from_millis(250);
/// Before the next channel, when the last one could not be opened.
const REOPEN: Duration = Duration::from_millis(100);

/// The task that owns the publishing channel. Everything it holds has its place in the window, so it is bounded.
pub(crate) struct Worker {
    connected: Connected,
    /// Of the consuming connection, for declaring again what a publish missed.
    consuming: Connected,
    topology: Arc<Memory>,
    entries: mpsc::UnboundedReceiver<Entry>,
    waiting: Waiting,
    gauge: Arc<Gauge>,
    frame_max: Arc<AtomicU32>,
    window: usize,
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
    ) -> (Self, Arc<AmqpPublisher>, Arc<Gauge>) {
        let gauge = Arc::new(Gauge::default());
        // Until the first connection says otherwise.
        let frame_max = Arc::new(AtomicU32::new(FRAME_MAX));
        let window = settings.window.messages;
        let (sender, entries) = mpsc::unbounded_channel();
        let handle =
            AmqpPublisher::new(settings, connected.clone(), gauge.clone(), frame_max.clone(), sender);
        let worker = Self {
            connected,
            consuming,
            topology,
            entries,
            waiting: Waiting::default(),
            gauge: gauge.clone(),
            frame_max,
            window,
            drain,
            stop,
        };
        (worker, Arc::new(handle), gauge)
    }

    /// Runs until it is drained or stopped. What is left then has lost its sender, and its publishers hear of it.
    pub(crate) async fn run(mut self) {
        while let Some(link) = self.next_link().await {
            self.frame_max.store(link.frame_max, Ordering::Relaxed);
            let end = match Session::open(&link, self.window).await {
                Ok(session) => self.serve(session).await,
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
            self.close_when_draining();
            if self.is_finished() {
                return None;
            }
            tokio::select! {
                biased;
                () = self.stop.cancelled() => return None,
                link = self.connected.link() => return link,
                // Takes messages in, so that those whose senders have given up make room in the window.
                Some(entry) = self.entries.recv() => self.waiting.push(entry),
                _ = tick.tick() => self.waiting.tidy(),
            }
        }
    }

    async fn serve(&mut self, mut session: Session) -> End {
        // Made once, and not anew with each turn: each takes a place in a list behind a lock.
        let (link, stop, drain) = (session.link().clone(), self.stop.clone(), self.drain.clone());
        let (mut ended, mut stopped) = (pin!(link.ended()), pin!(stop.cancelled()));
        let mut drained = pin!(drain.cancelled());
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.close_when_draining();
            if self.write_backlog(&mut session).await.is_err() {
                return self.broken(session).await;
            }
            self.read_gauge(&session);
            if self.is_finished() && session.ledger.is_empty() {
                session.close().await;
                return End::Finished;
            }
            tokio::select! {
                biased;
                () = &mut stopped => return End::Finished,
                event = session.events.recv() => match event {
                    Some(event) => {
                        session.heard(event, |entry, outcome| self.decided(entry, outcome));
                        self.hear_all(&mut session);
                    }
                    None => return self.broken(session).await,
                },
                () = &mut ended => return self.broken(session).await,
                () = &mut drained, if !self.entries.is_closed() => {}
                Some(entry) = self.entries.recv() => self.waiting.push(entry),
                _ = tick.tick() => self.look_around(&session),
            }
        }
    }

    /// Writes what can be written now. While there are suspects, one message at a time.
    async fn write_backlog(&mut self, session: &mut Session) -> Result<(), Trouble> {
        while let Ok(entry) = self.entries.try_recv() {
            self.waiting.push(entry);
        }
        loop {
            let alone = self.waiting.has_suspects();
            if alone && !session.ledger.is_empty() {
                return Ok(());
            }
            let Some(entry) = self.waiting.pop() else { return Ok(()) };
            if entry.is_wanted() && entry.progress.write() {
                session.write(entry).await?;
                if alone {
                    return Ok(());
                }
            }
        }
    }

    /// Takes in all that the broker has said by now: no more than there are messages on the wire.
    fn hear_all(&mut self, session: &mut Session) {
        while let Ok(event) = session.events.try_recv() {
            session.heard(event, |entry, outcome| self.decided(entry, outcome));
        }
    }

    fn decided(&mut self, entry: Entry, outcome: Outcome) {
        let result = match outcome {
            Outcome::Confirmed => Ok(()),
            Outcome::Returned => Err(PublishErrorKind::Unroutable {
                exchange: entry.outgoing.exchange.clone().into(),
                routing_key: entry.outgoing.routing_key.clone().into(),
            }),
            Outcome::Refused if entry.refusals < MOST_REFUSALS => return self.waiting.push_refused(entry),
            Outcome::Refused => Err(PublishErrorKind::Refused),
        };
        entry.finish(result);
    }

    /// The channel is gone. What the broker cannot accept fails; all else is sent again, in its order, before what
    /// has not been written yet.
    async fn broken(&mut self, mut session: Session) -> End {
        // What the broker decided before the end still counts.
        self.hear_all(&mut session);
        let trouble = session.trouble();
        let alone = session.ledger.len() == 1;
        let unconfirmed: Vec<_> = session.ledger.drain().filter(Entry::is_wanted).collect();
        tracing::warn!(%trouble, unconfirmed = unconfirmed.len(), "the channel for publishing is gone");
        self.gauge.set(0, None, session.progress_at);
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

    fn look_around(&mut self, session: &Session) {
        self.waiting.tidy();
        let stalled = !session.ledger.is_empty() && session.progress_at.elapsed() >= STALL;
        if !self.gauge.set_stalled(stalled) && stalled {
            tracing::warn!("RabbitMQ has confirmed nothing for 5 s: a memory or disk alarm, or it hangs");
        }
    }

    fn read_gauge(&self, session: &Session) {
        let oldest = session.ledger.oldest().and_then(|entry| entry.written_at);
        self.gauge.set(session.ledger.len(), oldest, session.progress_at);
    }

    fn close_when_draining(&mut self) {
        if self.drain.is_cancelled() && !self.entries.is_closed() {
            self.entries.close();
        }
    }

    fn is_finished(&self) -> bool {
        self.entries.is_closed() && self.entries.is_empty() && self.waiting.is_empty()
    }

    async fn pause(&self, link: &Link) {
        tokio::select! {
            () = tokio::time::sleep(REOPEN) => {}
            () = link.ended() => {}
            () = self.stop.cancelled() => {}
        }
    }
}
