use std::sync::{
    Mutex,
    atomic::{AtomicU32, Ordering},
};

use stats_alloc::Stats;
use tokio::sync::Notify;

use crate::ALLOCATOR;

/// What comes before, so that queues, maps and buffers have their size.
pub(crate) const WARM_UP: u32 = 2_000;
/// What counts.
pub(crate) const COUNTED: u32 = 8_000;
pub(crate) const MESSAGES: u32 = WARM_UP + COUNTED;

/// What the process took from its allocator for one message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PerMessage {
    /// A buffer that grows counts each time.
    pub(crate) allocations: f64,
    pub(crate) bytes: f64,
}

/// Counts messages, and looks at the allocator when the first and the last that count are done.
#[derive(Debug, Default)]
pub(crate) struct Count {
    messages: AtomicU32,
    looks: Mutex<Vec<Stats>>,
    complete: Notify,
}

impl Count {
    /// Another message is done.
    pub(crate) fn one(&self) {
        let done = self.messages.fetch_add(1, Ordering::Relaxed) + 1;
        if done == WARM_UP || done == MESSAGES {
            self.looks.lock().unwrap().push(ALLOCATOR.stats());
        }
        if done == MESSAGES {
            self.complete.notify_one();
        }
    }

    /// Waits until all are done.
    pub(crate) async fn result(&self) -> PerMessage {
        self.complete.notified().await;
        let looks = self.looks.lock().unwrap();
        let [before, after] = looks[..] else { panic!("{} looks", looks.len()) };
        let spent = after - before;
        let calls = u32::try_from(spent.allocations + spent.reallocations).unwrap();
        let bytes = u32::try_from(spent.bytes_allocated).unwrap();
        PerMessage {
            allocations: f64::from(calls) / f64::from(COUNTED),
            bytes: f64::from(bytes) / f64::from(COUNTED),
        }
    }
}
