use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};

use crate::transport::Incoming;

/// Those who wait for their turn to be handled, in the order in which they came, and the permits of those whose turn it
/// is.
///
/// A message waits here as it came, without a task: it gets one with its permit. So what waits costs no more than its
/// place, and what does not begin goes back by being dropped.
pub(super) struct Line(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    /// Somebody may begin.
    vacancy: Notify,
}

struct State {
    free: usize,
    /// How many permits are on an errand.
    errands: usize,
    is_open: bool,
    waiting: VecDeque<Waiting>,
}

#[expect(clippy::large_enum_variant, reason = "hardly ever is it a task")]
enum Waiting {
    /// A message that nobody has looked at, and when it came.
    Message(Incoming, Instant),
    /// The task of a message that has given its permit back, and needs one again.
    Task(oneshot::Sender<Permit>),
}

/// The right to handle one message. Dropping it lets the next one begin.
pub(super) struct Permit(Arc<Shared>);

/// A permit on its way to a message: it takes the one that is first when it arrives, so what came earlier begins earlier.
pub(super) struct Errand(Option<Permit>);

impl Line {
    pub(super) fn new(permits: usize) -> Self {
        let state = State { free: permits, errands: 0, is_open: true, waiting: VecDeque::new() };
        Self(Arc::new(Shared { state: Mutex::new(state), vacancy: Notify::new() }))
    }

    /// Puts a message at the end. No more come than the broker gives out unsettled.
    pub(super) fn push(&self, incoming: Incoming, since: Instant) {
        self.0.lock().waiting.push_back(Waiting::Message(incoming, since));
    }

    /// A permit for one more message, if there is one to take. Tasks that wait before it are told that their turn has come.
    pub(super) fn errand(&self) -> Option<Errand> {
        loop {
            let mut state = self.0.lock();
            if state.free == 0 || !state.is_open {
                return None;
            }
            let task = state.next_task();
            if task.is_none() && state.errands >= state.waiting.len() {
                return None;
            }
            state.free -= 1;
            state.errands += usize::from(task.is_none());
            drop(state); // which a permit locks when it is dropped
            let permit = Permit(self.0.clone());
            match task {
                None => return Some(Errand(Some(permit))),
                Some(task) => drop(task.send(permit)),
            }
        }
    }

    /// The message that comes next, for a permit that is not needed any more; nothing while a task waits before it.
    pub(super) fn next(&self, permit: Permit) -> Option<(Incoming, Permit)> {
        let next = self.0.lock().next_message();
        Some((next?, permit))
    }

    /// Waits at the end of the line for a permit. `None` when the line is closed. Cancel safe: who gives up has no place.
    pub(super) async fn turn(&self) -> Option<Permit> {
        let (task, turn) = oneshot::channel();
        self.0.lock().waiting.push_back(Waiting::Task(task));
        self.0.vacancy.notify_one(); // there may be one at once
        turn.await.ok()
    }

    /// Waits until there may be a permit for the first in the line. Cancel safe.
    pub(super) async fn vacancy(&self) {
        self.0.vacancy.notified().await;
    }

    /// When the message came that has waited longest.
    pub(super) fn oldest(&self) -> Option<Instant> {
        self.0.lock().waiting.iter().find_map(|waiting| match waiting {
            Waiting::Message(_, since) => Some(*since),
            Waiting::Task(_) => None,
        })
    }

    /// Returns the messages that came at `then` or before.
    pub(super) fn return_until(&self, then: Instant) {
        let is_over = |waiting: &Waiting| matches!(waiting, Waiting::Message(_, since) if *since <= then);
        let mut state = self.0.lock();
        let (over, rest) = std::mem::take(&mut state.waiting).into_iter().partition(is_over);
        state.waiting = rest;
        drop(state); // settling what is returned takes locks of its own
        drop::<VecDeque<_>>(over);
    }

    /// Nothing begins any more.
    pub(super) fn close(&self) {
        self.0.lock().is_open = false;
    }

    /// Returns all that waits.
    pub(super) fn clear(&self) {
        let waiting = std::mem::take(&mut self.0.lock().waiting);
        drop(waiting);
    }

    /// Lets messages begin again.
    pub(super) fn open(&self) {
        self.0.lock().is_open = true;
    }
}

impl Errand {
    /// The first message; nothing if others have taken them all, or a task waits before it.
    pub(super) fn fetch(mut self) -> Option<(Incoming, Permit)> {
        let permit = self.0.take()?;
        let mut state = permit.0.lock();
        state.errands -= 1;
        let next = state.next_message();
        drop(state);
        Some((next?, permit))
    }
}

impl Drop for Errand {
    fn drop(&mut self) {
        if let Some(permit) = &self.0 {
            permit.0.lock().errands -= 1;
        }
    }
}

impl State {
    fn next_task(&mut self) -> Option<oneshot::Sender<Permit>> {
        if matches!(self.waiting.front(), Some(Waiting::Message(..))) {
            return None;
        }
        match self.waiting.pop_front()? {
            Waiting::Task(task) => Some(task),
            Waiting::Message(..) => None,
        }
    }

    fn next_message(&mut self) -> Option<Incoming> {
        if !self.is_open || matches!(self.waiting.front(), Some(Waiting::Task(_))) {
            return None;
        }
        match self.waiting.pop_front()? {
            Waiting::Message(incoming, _) => Some(incoming),
            Waiting::Task(_) => None,
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.free += 1;
        let is_wanted = !state.waiting.is_empty(); // else whoever comes next finds it
        drop(state);
        if is_wanted {
            self.0.vacancy.notify_one();
        }
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        let (free, waiting) = (state.free, state.waiting.len());
        f.debug_struct("Line").field("free", &free).field("waiting", &waiting).finish()
    }
}

#[cfg(test)]
mod tests;
