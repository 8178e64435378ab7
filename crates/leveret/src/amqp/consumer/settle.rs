use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::transport::{Settle, Settlement};

/// What handlers have settled, and the owner of the channel has not noted yet. There is never more than was handed over.
///
/// The owner says how many are worth waking it for, because to wake a task costs more than to note a settlement.
#[derive(Debug)]
pub(crate) struct Settlements {
    state: Mutex<State>,
    worth: Notify,
}

#[derive(Debug)]
struct State {
    settled: Vec<(u64, Settlement)>,
    enough: usize,
}

impl Settlements {
    /// The first is enough.
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { settled: Vec::new(), enough: 1 }), worth: Notify::new() }
    }

    /// Waits until so many are there that they are worth it. Cancel safe.
    pub(crate) async fn worth_noting(&self) {
        self.worth.notified().await;
    }

    /// Moves all that are there to the end of `batch`.
    pub(crate) fn take(&self, batch: &mut Vec<(u64, Settlement)>) {
        batch.append(&mut self.lock().settled);
    }

    /// Wakes the owner when so many are there, or one that must not wait.
    pub(crate) fn wake_at(&self, enough: usize) {
        let mut state = self.lock();
        state.enough = enough;
        if state.settled.len() >= enough {
            self.worth.notify_one();
        }
    }

    fn add(&self, tag: u64, settlement: Settlement) {
        let mut state = self.lock();
        state.settled.push((tag, settlement));
        let is_worth_it = settlement != Settlement::Done || state.settled.len() == state.enough;
        drop(state); // which the owner takes when it is woken
        if is_worth_it {
            self.worth.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the owner of the channel. The settlements belong to one channel, so what comes too late for it goes nowhere
/// (hazard H22).
#[derive(Debug)]
pub(crate) struct SettleByOwner {
    pub(crate) tag: u64,
    pub(crate) settlements: Arc<Settlements>,
}

impl Settle for SettleByOwner {
    fn settle(self: Box<Self>, settlement: Settlement) {
        self.settlements.add(self.tag, settlement);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    /// Settles deliveries from `tag` on.
    fn settle(settlements: &Arc<Settlements>, tag: u64, all: &[Settlement]) {
        for (tag, settlement) in (tag..).zip(all) {
            Box::new(SettleByOwner { tag, settlements: settlements.clone() }).settle(*settlement);
        }
    }

    fn is_woken(settlements: &Settlements) -> bool {
        settlements.worth_noting().now_or_never().is_some()
    }

    #[test]
    fn the_owner_is_woken_for_what_is_worth_it() {
        const DONE: Settlement = Settlement::Done;
        for (enough, all, woken) in [
            (1, &[][..], false),
            (1, &[DONE], true),
            (3, &[DONE, DONE], false),
            (3, &[DONE, DONE, DONE], true),
            (3, &[Settlement::Return], true),
            (3, &[DONE, Settlement::Reject], true),
        ] {
            let settlements = Arc::new(Settlements::new());
            settlements.wake_at(enough);
            settle(&settlements, 1, all);
            assert_eq!(is_woken(&settlements), woken, "{all:?}, {enough} are enough");
        }
    }

    #[test]
    fn what_is_there_already_counts() {
        let (settlements, mut batch) = (Arc::new(Settlements::new()), Vec::new());
        settlements.wake_at(9);
        settle(&settlements, 7, &[Settlement::Done; 3]);
        assert!(!is_woken(&settlements));
        settlements.wake_at(2);
        assert!(is_woken(&settlements));
        settlements.take(&mut batch);
        assert_eq!(batch, [7, 8, 9].map(|tag| (tag, Settlement::Done)));
        settlements.wake_at(1);
        assert!(!is_woken(&settlements));
    }
}
