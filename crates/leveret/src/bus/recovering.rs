use std::sync::Arc;

use super::BusBuilder;
use crate::retry::{ErrorHandler, Failed, RetryPolicy};

/// What becomes of messages that fail.
impl BusBuilder {
    /// When a failed message is tried again, and how often: 5 retries, exponential from 1 s, unless said otherwise.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.judge.policy = policy;
        self
    }

    /// Decides what becomes of each failed message, in place of the retry policy: an [`ErrorHandler`], or a closure from
    /// a [`Failed`] to a [`Verdict`](crate::retry::Verdict).
    pub fn error_handler(mut self, handler: impl ErrorHandler) -> Self {
        self.judge.handler = Some(Arc::new(handler));
        self
    }

    /// Is told of each failure once it is decided what becomes of the message, and before that is done: for logs, metrics
    /// and alarms. Called again, it adds another watcher.
    ///
    /// It runs in the task that handles the message, so it must not block. If it panics, that is logged and nothing else
    /// happens.
    ///
    /// ```
    /// use leveret::{Bus, retry::Verdict};
    ///
    /// let builder = Bus::builder("memory://doc").on_failure(|failed| {
    ///     if failed.verdict() == Verdict::MoveToError {
    ///         eprintln!("gave up after attempt {}: {}", failed.attempt(), failed.failure());
    ///     }
    /// });
    /// # let _ = builder;
    /// ```
    pub fn on_failure(mut self, watcher: impl Fn(&Failed<'_>) + Send + Sync + 'static) -> Self {
        self.judge.watchers.push(Box::new(watcher));
        self
    }
}
