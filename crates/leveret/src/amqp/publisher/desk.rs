use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use super::{
    entry::{Entry, Progress},
    ledger::{Confirm, Outcome},
    session::Session,
    waiting::Waiting,
};
use crate::transport::Unconfirmed;

/// How often a message that a queue refuses is tried again (design §3).
const MOST_REFUSALS: u32 = 3;
/// A broker that is quiet for this long, with something to confirm, is stalled (hazard H18).
const STALL: Duration = Duration::from_secs(5);

/// What those who send, the broker's confirms and the publishing task share. Nobody waits while holding it.
///
/// While nothing else waits a sender writes its message itself, and a confirm finds its sender here: to wake a task in
/// between would cost more than the message does. Whatever is out of the ordinary goes by the task.
#[derive(Debug, Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    /// There is something for the task to do.
    news: Notify,
}

/// Each message in it has its place in the window, so it is bounded.
#[derive(Debug, Default)]
struct State {
    /// The channel of this time, if there is one.
    session: Option<Session>,
    /// Whether senders write their messages themselves: there is a channel, and nothing waits that comes before them.
    is_direct: bool,
    /// For the task to write, in this order.
    arrivals: VecDeque<Entry>,
    /// A queue has refused them, and they are to be tried again.
    refused: Vec<Entry>,
    /// Nothing more is taken in.
    is_closed: bool,
}

/// What became of a message that was brought here.
#[derive(Debug)]
pub(super) enum Admission {
    Written,
    /// The task writes it, unless its sender gives up before.
    Queued(Progress),
    /// The desk is closed.
    Refused,
}

/// How far the task has come with what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advance {
    /// What can be written now is written.
    Resting,
    /// All is written and confirmed, and no more will come.
    Finished,
    /// The channel is of no use any more.
    Broken,
}

impl Desk {
    /// Takes a message over from its sender: onto the wire, or to the task.
    pub(super) fn admit(&self, entry: Entry) -> Admission {
        let mut state = self.lock();
        if state.is_closed {
            return Admission::Refused;
        }
        let is_direct = state.is_direct;
        let unwritten = match state.session.as_mut().filter(|_| is_direct) {
            Some(session) => session.write(entry),
            None => Some(entry),
        };
        let Some(mut entry) = unwritten else { return Admission::Written };
        let progress = Progress::default();
        entry.progress = Some(progress.clone());
        state.is_direct = false;
        state.arrivals.push_back(entry);
        drop(state); // which the task takes when it is woken
        self.news.notify_one();
        Admission::Queued(progress)
    }

    /// Begins with a channel. Until all that waits is written the task alone writes to it.
    pub(super) fn begin(&self, session: Session) {
        self.lock().session = Some(session);
    }

    /// Takes back the channel, with what is unconfirmed on it.
    pub(super) fn leave(&self) -> Option<Session> {
        let mut state = self.lock();
        state.is_direct = false;
        state.session.take()
    }

    /// Writes what waits, and lets senders write when nothing does. While there are suspects, one message at a time.
    pub(super) fn advance(&self, waiting: &mut Waiting) -> Advance {
        loop {
            // Anew for each message: the broker's confirms, and senders, get in between.
            let mut state = self.lock();
            state.hand_over(waiting);
            let is_closed = state.is_closed;
            let Some(session) = &mut state.session else { return Advance::Broken };
            let alone = waiting.has_suspects();
            if alone && !session.ledger.is_empty() {
                return Advance::Resting;
            }
            let Some(entry) = waiting.pop() else {
                let is_finished = is_closed && waiting.is_empty() && session.ledger.is_empty();
                state.is_direct = !is_closed;
                return if is_finished { Advance::Finished } else { Advance::Resting };
            };
            if !entry.is_wanted() || !entry.may_be_written() {
                continue;
            }
            if let Some(unwritten) = session.write(entry) {
                waiting.push_first(vec![unwritten]);
                return if session.is_usable() { Advance::Resting } else { Advance::Broken };
            }
            if alone {
                return Advance::Resting;
            }
        }
    }

    /// Takes over what has come for the task. Tells whether there will be no more, and nothing waits.
    pub(super) fn take_in(&self, waiting: &mut Waiting) -> bool {
        let mut state = self.lock();
        state.hand_over(waiting);
        state.is_closed && waiting.is_empty()
    }

    /// Notes a confirm on the channel with this number. What it decides about goes to the end of `decided`: their senders
    /// are told when nobody holds the desk.
    pub(super) fn confirmed(&self, session: u64, confirm: Confirm, decided: &mut Vec<(Entry, Outcome)>) {
        let mut state = self.lock();
        let State { session: current, is_direct, refused, .. } = &mut *state;
        let Some(current) = current.as_mut().filter(|current| current.number == session) else { return };
        current.confirmed(confirm, |entry, outcome| match outcome {
            Outcome::Refused if entry.refusals < MOST_REFUSALS => refused.push(entry),
            outcome => decided.push((entry, outcome)),
        });
        let is_awaited = !*is_direct || !refused.is_empty();
        drop(state); // which the task takes when it is woken
        if is_awaited {
            self.news.notify_one();
        }
    }

    /// Notes a return on the channel with this number.
    pub(super) fn returned(&self, session: u64, exchange: &str, routing_key: &str, message_id: Option<&str>) {
        let mut state = self.lock();
        if let Some(current) = state.session.as_mut().filter(|current| current.number == session) {
            current.returned(exchange, routing_key, message_id);
        }
    }

    /// Waits until there is something for the task to do. Cancel safe.
    pub(super) async fn news(&self) {
        self.news.notified().await;
    }

    /// Takes nothing more in.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        (state.is_closed, state.is_direct) = (true, false);
    }

    /// Forgets everything: those who wait for something hear that nobody is here any more.
    pub(super) fn clear(&self) {
        let mut state = self.lock();
        let cleared = std::mem::replace(&mut *state, State { is_closed: true, ..State::default() });
        drop(state); // the entries give their places back, and may wake others
        drop(cleared);
    }

    /// What is sent and not confirmed.
    pub(super) fn unconfirmed(&self) -> Unconfirmed {
        let state = self.lock();
        let Some(session) = &state.session else { return Unconfirmed::new(0, None) };
        let oldest = session.ledger.oldest().and_then(|entry| entry.written_at);
        Unconfirmed::new(session.ledger.len(), oldest.map(|since| since.elapsed()))
    }

    /// Whether the broker has confirmed nothing for 5 s although something waits.
    pub(super) fn is_stalled(&self) -> bool {
        self.lock()
            .session
            .as_ref()
            .is_some_and(|session| !session.ledger.is_empty() && session.progress_at.elapsed() >= STALL)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn hand_over(&mut self, waiting: &mut Waiting) {
        self.arrivals.drain(..).for_each(|entry| waiting.push(entry));
        self.refused.drain(..).for_each(|entry| waiting.push_refused(entry));
    }
}
