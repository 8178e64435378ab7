use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::state::State;

/// The state of a broker, shared by its clients.
#[derive(Debug, Default)]
pub(super) struct Shared(Mutex<State>);

impl Shared {
    /// Lets the broker catch up with the clock, and does `work` with it. The lock is held for the length of `work`,
    /// which cannot await.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut State, Instant) -> T) -> T {
        let now = Instant::now();
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.advance(now);
        work(&mut state, now)
    }
}
