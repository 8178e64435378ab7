use std::{ops::ControlFlow, pin::pin, sync::Arc, time::Duration};

use amqprs::channel::ConsumerMessage;

use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        watch,
    },
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::{
    handed::Handed,
    left_behind::LeftBehind,
    registry::{Presence, Registry},
    session::{Request, Session},
    suspicion::{Broken, Progress, Suspicion},
};
use crate::amqp::{
    backoff,
    callbacks::Cancelled,
    connection::{Connected, Link},
    topology::Memory,
    trouble::{ServerClose, Trouble},
};

/// What the owner of a consumer tells its task.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signals {
    /// Take no more.
    pub(crate) cancel: CancellationToken,
    /// The task has taken note of it.
    pub(crate) cancelled: CancellationToken,
    /// Settle what is settled, and end.
    pub(crate) close: CancellationToken,
}

/// The task behind one consumer. It goes from channel to channel, as long as the consumer is wanted.
pub(crate) struct Worker {
    pub(super) request: Request,
    pub(super) connected: Connected,
    pub(super) topology: Arc<Memory>,
    pub(super) registry: Arc<Registry>,
    /// While the broker delivers.
    pub(super) present: Option<Presence>,
    pub(super) last_error: watch::Sender<Option<String>>,
    pub(super) suspicion: Suspicion,
    /// The connection of its own that a suspected queue is consumed on.
    pub(super) isolated: Option<Arc<Link>>,
    pub(super) left_behind: LeftBehind,
    pub(super) signals: Signals,
    /// `None` once everything is handed over.
    pub(super) hand_over: Option<mpsc::Sender<Handed>>,
}

/// Why a session ended.
enum End {
    /// It was closed, or nothing will come any more.
    Finished,
    /// The channel is of no use any more.
    Broken(Broken),
}

impl Worker {
    /// Runs until it is closed, or the transport is.
    pub(crate) async fn run(mut self, first: Session) {
        let mut session = Some(first);
        let mut failures = 0_u32;
        while let Some(current) = session.take() {
            let started = Instant::now();
            let end = self.serve(current).await;
            let lived = started.elapsed();
            self.present = None;
            self.leave_isolation().await;
            if lived > backoff::HEALTHY {
                failures = 0;
            }
            let End::Broken(broken) = end else { break };
            tracing::warn!(queue = %self.request.queue, trouble = %broken.trouble, "the consumer is interrupted");
            self.suspect(&broken, lived);
            session = self.next_session(broken.trouble, &mut failures).await;
            self.present = session.as_ref().map(|_| self.registry.enter(&self.request.queue));
        }
        self.signals.cancelled.cancel();
        self.left_behind.join().await;
    }

    /// Waits for a connection and starts to consume on it. `None` when nobody wants it any more.
    async fn next_session(&mut self, mut trouble: Trouble, failures: &mut u32) -> Option<Session> {
        let mut penalty = self.suspicion.pause().unwrap_or_default();
        loop {
            let signals = self.signals.clone();
            let attempt = async {
                sleep(std::mem::take(&mut penalty)).await;
                if let Trouble::Closed(close) = &trouble {
                    sleep(pause_after(*failures, close.is_passing())).await;
                    *failures = failures.saturating_add(1);
                }
                let link = match self.link().await? {
                    Ok(link) => link,
                    Err(broken) => return Some(Err(broken)),
                };
                if matches!(trouble, Trouble::Closed(ServerClose { code: 404, .. })) {
                    self.declare_again(&link).await;
                }
                Some(Session::open(&link, &self.request).await)
            };
            let opened = tokio::select! {
                opened = attempt => opened?,
                () = signals.close.cancelled() => return None,
                () = signals.cancel.cancelled() => return None,
            };
            match opened {
                Ok(session) => {
                    tracing::info!(queue = %self.request.queue, "consuming again");
                    return Some(session);
                }
                Err(broken) => {
                    self.leave_isolation().await;
                    self.suspect(&broken, Duration::ZERO);
                    if broken.without_a_word {
                        penalty = self.suspicion.pause().unwrap_or_default();
                    }
                    tracing::warn!(queue = %self.request.queue, trouble = %broken.trouble, "cannot consume yet");
                    trouble = broken.trouble;
                }
            }
        }
    }

    /// The connection of all consumers, or one of its own for a suspected queue. `None` when there will be none any more.
    async fn link(&mut self) -> Option<Result<Arc<Link>, Broken>> {
        let shared = self.connected.link().await?;
        if !self.suspicion.isolates() {
            return Some(Ok(shared));
        }
        match shared.another().await {
            Ok(link) => {
                self.isolated = Some(link.clone());
                Some(Ok(link))
            }
            Err(error) => {
                // The supervisor of the shared connection will notice as well; until then this is the only pause.
                sleep(backoff::jittered(backoff::ceiling(u32::MAX, Duration::ZERO))).await;
                Some(Err(Broken::new(Trouble::Lost(error.to_string()), Progress::Idle, &shared)))
            }
        }
    }

    /// Nobody else uses a connection of its own.
    async fn leave_isolation(&mut self) {
        if let Some(link) = self.isolated.take() {
            link.end("done");
            link.farewell().await;
        }
    }

    /// A connection that is lost without a word of the broker may have been lost by what came out of the queue.
    fn suspect(&mut self, broken: &Broken, lived: Duration) {
        if broken.without_a_word {
            self.suspicion.lost(lived, broken.progress, Instant::now());
            self.report_pause();
        }
    }

    /// A queue that is left alone is no healthy one: a person has to take the message out.
    fn report_pause(&self) {
        if self.suspicion.pause().is_some() {
            let verdict = self.suspicion.verdict(&self.request.queue);
            tracing::error!(queue = %self.request.queue, "{verdict}");
            self.last_error.send_replace(Some(verdict));
        }
    }

    /// The queue is gone: perhaps it is one of those that we declared.
    async fn declare_again(&self, link: &Arc<Link>) {
        if let Err(error) = self.topology.restore(link).await {
            tracing::warn!(queue = %self.request.queue, %error, "cannot declare the queue again");
        }
    }

    async fn serve(&mut self, mut session: Session) -> End {
        match self.exchange(&mut session).await {
            Ok(()) => {
                session.close().await;
                End::Finished
            }
            Err(trouble) => {
                let broken = Broken::new(trouble, session.progress(), session.link());
                session.abandon();
                End::Broken(broken)
            }
        }
    }

    /// Hands deliveries over and tells settlements, until closed or broken.
    async fn exchange(&mut self, session: &mut Session) -> Result<(), Trouble> {
        // Made once, and not anew with each turn: each takes a place in a list behind a lock.
        let (link, signals) = (session.link().clone(), self.signals.clone());
        let (mut ended, mut closed) = (pin!(link.ended()), pin!(signals.close.cancelled()));
        let mut cancelled = pin!(signals.cancel.cancelled());
        loop {
            let asked = self.signals.cancelled.is_cancelled();
            if self.hand_over.is_none() && session.settling.is_settled() {
                // Cancelled, and nothing is left to settle.
                return Ok(());
            }
            let slow = session.settling.slow();
            if slow > 0 && !session.has_cancelled() && self.left_behind.has_room(slow) {
                session.cancel().await?;
            }
            tokio::select! {
                biased;
                () = &mut closed => return Ok(()),
                cancelled = session.cancels.recv() => match cancelled {
                    Some(Cancelled { consumer_tag }) if !asked => session.cancelled(&consumer_tag).await?,
                    Some(_) => {}
                    None => return Err(session.trouble()),
                },
                () = &mut ended => return Err(session.trouble()),
                () = &mut cancelled, if !asked => {
                    self.present = None;
                    let cancelled = session.cancel().await;
                    self.signals.cancelled.cancel();
                    cancelled?;
                }
                () = session.settling.due() => session.settle().await?,
                () = session.widen_at.ring() => session.widen().await?,
                message = session.deliveries.next(), if self.hand_over.is_some() && session.has_room() => match message {
                    Some(message) => if self.hand_over(session, message).await?.is_break() {
                        return Ok(());
                    },
                    None if asked => self.hand_over = None,
                    None if session.has_cancelled() => {
                        let next = session.successor().await?;
                        let held_up = std::mem::replace(session, next);
                        self.left_behind.take(held_up, self.signals.close.clone());
                    }
                    // The broker has ended the consumer; what it has to say about it is about to come.
                    None => match session.cancels.recv().await {
                        Some(Cancelled { consumer_tag }) => session.cancelled(&consumer_tag).await?,
                        None => return Err(session.trouble()),
                    },
                },
            }
        }
    }

    /// Hands over a message, and all others that have come by now. Breaks when nobody is there to take them.
    async fn hand_over(
        &mut self,
        session: &mut Session,
        first: ConsumerMessage,
    ) -> Result<ControlFlow<()>, Trouble> {
        let Some(hand_over) = &self.hand_over else { return Ok(ControlFlow::Continue(())) };
        let mut next = Some(first);
        while let Some(message) = next {
            if let Some(handed) = session.receive(message)
                // There is room for all that a session may have unsettled; what had none would go back.
                && let Err(TrySendError::Closed(_)) = hand_over.try_send(handed)
            {
                return Ok(ControlFlow::Break(()));
            }
            next = if session.has_room() { session.deliveries.try_next() } else { None };
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Before the next channel, after the broker has closed `failures` in a row. A lost connection needs no pause here:
/// its supervisor makes one.
fn pause_after(failures: u32, passing: bool) -> Duration {
    match failures {
        0 => Duration::ZERO,
        4.. if !passing => backoff::after_refusal(),
        _ => backoff::jittered(backoff::ceiling(failures, Duration::ZERO)),
    }
}
