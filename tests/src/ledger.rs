//! What was sent and what was handled, compared: the proof that nothing is lost.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a ledger that does not balance fails the test"
)]

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

/// Longer than any outage that a test makes, and the way back from it.
const PATIENCE: Duration = Duration::from_secs(120);

/// The messages of one test by their numbers: each may be handled only if its send was begun, and must be handled once
/// its send has returned `Ok`.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: Mutex<BTreeMap<u64, Entry>>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Entry {
    begun: bool,
    confirmed: bool,
    handled: u32,
}

/// A ledger that balances: nothing is lost, and nothing was handled that nobody sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// Messages whose send returned `Ok`.
    pub confirmed: usize,
    /// Messages whose send failed, and that may have arrived all the same.
    pub uncertain: usize,
    /// Messages that were handled, each counted once.
    pub handled: usize,
    /// How often a message was handled again.
    pub duplicates: u32,
}

impl Ledger {
    /// A send is about to begin: from now on the message may be handled.
    pub fn begins(&self, n: u64) {
        self.entry(n, |entry| entry.begun = true);
    }

    /// A send returned `Ok`: from now on the message must be handled.
    pub fn confirms(&self, n: u64) {
        self.entry(n, |entry| entry.confirmed = true);
    }

    /// Notes a send from its beginning to its end.
    ///
    /// # Errors
    /// Those of the send.
    pub async fn send<T, E>(&self, n: u64, send: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        self.begins(n);
        let sent = send.await;
        if sent.is_ok() {
            self.confirms(n);
        }
        sent
    }

    /// A handler has the message.
    pub fn handles(&self, n: u64) {
        self.entry(n, |entry| entry.handled += 1);
    }

    /// How many messages were handled by now, each counted once.
    pub fn handled(&self) -> usize {
        self.lock().values().filter(|entry| entry.handled > 0).count()
    }

    /// How often this message was handled.
    pub fn times(&self, n: u64) -> u32 {
        self.lock().get(&n).map_or(0, |entry| entry.handled)
    }

    /// Waits until this many messages were handled.
    pub async fn reaches(&self, handled: usize) {
        self.until("handled", async |ledger| ledger.handled() >= handled).await;
    }

    /// Waits until everything that was confirmed is handled, and checks that nothing else was.
    pub async fn balances(&self) -> Balance {
        self.until("all that was confirmed is handled", async |ledger| {
            ledger.lock().values().all(|entry| !entry.confirmed || entry.handled > 0)
        })
        .await;
        let entries = self.lock();
        let strangers: Vec<_> = entries.iter().filter(|(_, entry)| !entry.begun).map(|(n, _)| n).collect();
        assert!(strangers.is_empty(), "handled, and never sent: {strangers:?}");
        Balance {
            confirmed: entries.values().filter(|entry| entry.confirmed).count(),
            uncertain: entries.values().filter(|entry| !entry.confirmed).count(),
            handled: entries.values().filter(|entry| entry.handled > 0).count(),
            duplicates: entries.values().map(|entry| entry.handled.saturating_sub(1)).sum(),
        }
    }

    async fn until(&self, what: &str, holds: impl AsyncFn(&Self) -> bool) {
        let held = async {
            loop {
                let changed = self.changed.notified();
                if holds(self).await {
                    return;
                }
                changed.await;
            }
        };
        if timeout(PATIENCE, held).await.is_err() {
            panic!("not within {PATIENCE:?}: {what}; {}", self.describe());
        }
    }

    fn describe(&self) -> String {
        let entries = self.lock();
        let missing: Vec<_> = entries
            .iter()
            .filter(|(_, entry)| entry.confirmed && entry.handled == 0)
            .map(|(n, _)| n)
            .collect();
        let first: Vec<_> = missing.iter().take(10).collect();
        format!("{} of {} are confirmed and not handled, first {first:?}", missing.len(), entries.len())
    }

    fn entry(&self, n: u64, change: impl FnOnce(&mut Entry)) {
        change(self.lock().entry(n).or_default());
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn duplicates_and_uncertain_sends_are_counted() {
        let ledger = Ledger::default();
        ledger.send(1, async { Ok::<_, ()>(()) }).await.unwrap();
        ledger.send(2, async { Err::<(), _>(()) }).await.unwrap_err();
        ledger.handles(1);
        ledger.handles(1);
        assert_eq!(
            ledger.balances().await,
            Balance { confirmed: 1, uncertain: 1, handled: 1, duplicates: 1 }
        );
    }

    #[tokio::test(start_paused = true)]
    #[should_panic(expected = "confirmed and not handled, first [7]")]
    async fn what_is_lost_is_named() {
        let ledger = Ledger::default();
        ledger.send(7, async { Ok::<_, ()>(()) }).await.unwrap();
        ledger.balances().await;
    }

    #[tokio::test]
    #[should_panic(expected = "handled, and never sent: [7]")]
    async fn what_nobody_sent_is_named() {
        let ledger = Ledger::default();
        ledger.handles(7);
        ledger.balances().await;
    }
}
