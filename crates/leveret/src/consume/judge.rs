use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use futures_util::FutureExt;
use tokio::time::timeout;

use super::story;
use crate::{
    delay::MAX_DELAY,
    retry::{ErrorHandler, Failed, RetryPolicy, Verdict, decide},
};

/// How long an [`ErrorHandler`] may think. The message is held meanwhile.
const LONGEST_THOUGHT: Duration = Duration::from_secs(10);

/// Is told of each failure, and what becomes of it.
type Watcher = Box<dyn Fn(&Failed<'_>) + Send + Sync>;

/// Decides what becomes of messages that failed. Code of the user's has a say in it, and can neither lose a message nor
/// hold it for long: where that code panics, or thinks too long, the policy decides.
#[derive(Default)]
pub(crate) struct Judge {
    pub(crate) policy: RetryPolicy,
    pub(crate) handler: Option<Arc<dyn ErrorHandler>>,
    pub(crate) watchers: Vec<Watcher>,
}

impl Judge {
    /// Puts the verdict into a failure, and tells it.
    pub(super) async fn judge(&self, failed: &mut Failed<'_>) -> Verdict {
        failed.verdict = self.by_policy(failed).within(MAX_DELAY);
        if let Some(handler) = &self.handler
            && let Some(verdict) = by_handler(&**handler, failed).await
        {
            failed.verdict = verdict.within(MAX_DELAY);
        }
        self.tell(failed);
        failed.verdict
    }

    /// Tells of a failure that there is nothing to decide about.
    pub(super) fn tell(&self, failed: &Failed<'_>) {
        let facts = failed.facts();
        tracing::warn!(
            queue = %failed.received.queue,
            handler = failed.handler,
            message_id = facts.message_id().as_deref(),
            message_type = facts.message_type().as_deref(),
            failures = failed.attempt,
            verdict = ?failed.verdict,
            error = %story::details(failed.failure),
            "a message failed"
        );
        for watcher in &self.watchers {
            if catch_unwind(AssertUnwindSafe(|| watcher(failed))).is_err() {
                tracing::error!("what was given to `on_failure` panicked; the message goes its way");
            }
        }
    }

    fn by_policy(&self, failed: &Failed<'_>) -> Verdict {
        let chance = fastrand::f64();
        let by = |policy: &RetryPolicy| decide(policy, failed.failure, failed.attempt, chance);
        // Unwind safe: a rule sees the failure, and can leave nothing half done in it.
        catch_unwind(AssertUnwindSafe(|| by(&self.policy))).unwrap_or_else(|_| {
            tracing::error!("a rule of the retry policy panicked; the policy decides without its rules");
            by(&self.policy.without_rules())
        })
    }
}

/// What an error handler says; nothing if it does not come to an end.
async fn by_handler(handler: &dyn ErrorHandler, failed: &Failed<'_>) -> Option<Verdict> {
    let thought = AssertUnwindSafe(async { handler.decide(failed).await }).catch_unwind();
    match timeout(LONGEST_THOUGHT, thought).await {
        Ok(Ok(verdict)) => Some(verdict),
        Ok(Err(_)) => {
            tracing::error!("the error handler panicked; the policy decides");
            None
        }
        Err(_) => {
            tracing::error!(limit = ?LONGEST_THOUGHT, "the error handler takes too long; the policy decides");
            None
        }
    }
}

impl fmt::Debug for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judge")
            .field("policy", &self.policy)
            .field("error_handler", &self.handler.is_some())
            .field("watchers", &self.watchers.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::{
        envelope::{Envelope, Names, Properties, Received},
        error::HandlerError,
        headers::Headers,
    };

    struct Stuck;

    #[async_trait::async_trait]
    impl ErrorHandler for Stuck {
        async fn decide(&self, _: &Failed<'_>) -> Verdict {
            std::future::pending().await
        }
    }

    fn handler(
        decide: impl Fn(&Failed<'_>) -> Verdict + Send + Sync + 'static,
    ) -> Option<Arc<dyn ErrorHandler>> {
        Some(Arc::new(decide))
    }

    async fn verdict(judge: &Judge) -> Verdict {
        let failure = HandlerError::from("no").into_failure();
        let names = Names::default();
        let received =
            Received::new(Envelope::new(Properties::default(), Headers::new(), ""), "", "worker", "worker");
        let mut failed = Failed {
            failure: &failure,
            received: &received,
            names: &names,
            handler: None,
            attempt: 1,
            verdict: Verdict::Discard,
        };
        judge.judge(&mut failed).await
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_handler_replaces_the_policy_unless_it_fails() {
        let wait = Duration::from_secs(7);
        let policy = RetryPolicy::fixed(wait);
        for (handler, expected) in [
            (None, Verdict::Retry(wait)),
            (handler(|_| Verdict::MoveToError), Verdict::MoveToError),
            (handler(|failed| failed.verdict()), Verdict::Retry(wait)),
            (handler(|_| Verdict::Retry(Duration::MAX)), Verdict::Retry(MAX_DELAY)),
            (handler(|_| panic!("of the error handler")), Verdict::Retry(wait)),
            (Some(Arc::new(Stuck) as Arc<dyn ErrorHandler>), Verdict::Retry(wait)),
        ] {
            let judge = Judge { policy: policy.clone(), handler, watchers: Vec::new() };
            assert_eq!(verdict(&judge).await, expected, "{judge:?}");
        }
    }

    #[tokio::test]
    async fn a_rule_that_panics_does_not_count() {
        let policy = RetryPolicy::none().when(|_| panic!("of the rule"), Verdict::Discard);
        assert_eq!(verdict(&Judge { policy, ..Judge::default() }).await, Verdict::MoveToError);
    }

    #[tokio::test]
    async fn all_watchers_are_told_though_one_panics() {
        let told = Arc::new(AtomicU32::new(0));
        let seen = told.clone();
        let watchers: Vec<Watcher> = vec![
            Box::new(|_| panic!("of the watcher")),
            Box::new(move |failed| {
                assert_eq!((failed.verdict(), failed.attempt()), (Verdict::MoveToError, 1));
                seen.fetch_add(1, Ordering::Relaxed);
            }),
        ];
        verdict(&Judge { policy: RetryPolicy::none(), handler: None, watchers }).await;
        assert_eq!(told.load(Ordering::Relaxed), 1);
    }
}
