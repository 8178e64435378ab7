use std::{future::pending, pin::Pin};

use tokio::time::{Instant, Sleep, sleep_until};

/// A time to wake up at, if any. Its timer is made once: the task that owns it looks at it with every message.
#[derive(Debug)]
pub(super) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    is_set: bool,
}

impl Default for Alarm {
    fn default() -> Self {
        Self { sleep: Box::pin(sleep_until(Instant::now())), is_set: false }
    }
}

impl Alarm {
    pub(super) fn set(&mut self, at: Instant) {
        self.sleep.as_mut().reset(at);
        self.is_set = true;
    }

    pub(super) fn clear(&mut self) {
        self.is_set = false;
    }

    pub(super) fn is_set(&self) -> bool {
        self.is_set
    }

    /// Waits until the time has come, over and over until it is cleared; for ever if none is set. Cancel safe.
    pub(super) async fn ring(&mut self) {
        if self.is_set { self.sleep.as_mut().await } else { pending().await }
    }
}
