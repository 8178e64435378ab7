use async_trait::async_trait;

use super::{Failed, Verdict};

/// Decides what becomes of a message that failed, in place of the policy (design §4).
///
/// Any closure from a [`Failed`] to a [`Verdict`] is one. For decisions that have to ask somebody, implement the trait,
/// with the macro of the crate `async-trait`.
///
/// ```
/// use leveret::{Bus, retry::{Failed, Verdict}};
///
/// let builder = Bus::builder("memory://doc").error_handler(|failed: &Failed<'_>| {
///     match failed.facts().message_type().as_deref() {
///         Some("Heartbeat") => Verdict::Discard, // the next one comes soon
///         _ => failed.verdict(),                 // whatever the policy says
///     }
/// });
/// # let _ = builder;
/// ```
///
/// It is asked once for each failed run, also where the error says that it is permanent. It is not asked about messages
/// that no handler can be run for: headers that make no sense, and crash loops. [`Failed::verdict`] is what the policy
/// would do; what it returns is done instead, however often the message has failed: so one that always says
/// [`Verdict::Retry`] never gets a message to the error queue.
///
/// One that panics or takes longer than 10 s is logged, and the policy decides. Code that blocks cannot be interrupted.
#[async_trait]
pub trait ErrorHandler: Send + Sync + 'static {
    /// Decides about one failure. The future is dropped after 10 s, and when the bus has waited for it long enough at a
    /// shutdown: then the broker delivers the message again.
    async fn decide(&self, failed: &Failed<'_>) -> Verdict;
}

#[async_trait]
impl<F> ErrorHandler for F
where
    F: Fn(&Failed<'_>) -> Verdict + Send + Sync + 'static,
{
    async fn decide(&self, failed: &Failed<'_>) -> Verdict {
        self(failed)
    }
}
