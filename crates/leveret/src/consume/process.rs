use std::{fmt, pin::pin, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{
    Handling, Judge, Recovery,
    admit::{Admission, admit},
    line::{Line, Permit},
    remembered::Attempt,
    twins::Twins,
    unmatched::Unmatched,
};
use crate::{
    context::{Delivery, Scope, Services},
    deadline,
    envelope::{Facts, Received, now},
    error::{Failure, HandlerError},
    handler::{Resolution, Route, resolve},
    middleware::guarded,
    retry::{Failed, Verdict},
    transaction::CommitError,
    transport::{Incoming, Settlement},
};

/// How long a delivery may wait for a permit before it is returned, unstarted (design §4).
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

/// Handles messages of one endpoint, each to its end: handled, retried, moved or returned.
pub(crate) struct Processor {
    pub(super) options: ProcessorOptions,
    line: Line,
    pub(super) twins: Twins,
    unmatched: Unmatched,
}

/// What a [`Processor`] works with.
pub(crate) struct ProcessorOptions {
    pub(crate) routes: &'static [Route],
    pub(crate) handling: Handling,
    pub(crate) services: Arc<Services>,
    pub(crate) recovery: Recovery,
    pub(crate) judge: Judge,
    /// How many handlers run at the same time.
    pub(crate) concurrency: usize,
    /// How many messages are taken out unsettled.
    pub(crate) prefetch: u16,
    /// The queue counts by itself how often it takes a message back.
    pub(crate) queue_counts_returns: bool,
    pub(crate) handler_timeout: Duration,
}

impl fmt::Debug for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processor").field("judge", &self.options.judge).finish_non_exhaustive()
    }
}

impl Processor {
    pub(crate) fn new(options: ProcessorOptions) -> Self {
        let (line, twins) = (Line::new(options.concurrency), Twins::new(options.prefetch));
        Self { options, line, twins, unmatched: Unmatched::default() }
    }

    /// Where messages wait for their turn to be processed.
    pub(super) fn line(&self) -> &Line {
        &self.line
    }

    /// Takes a message to its end, and settles it. `draining` ends its waiting, but not a handler that runs. Gives the
    /// permit back, unless it was given up on the way.
    pub(super) async fn process(
        &self,
        incoming: Incoming,
        permit: Permit,
        draining: &CancellationToken,
    ) -> Option<Permit> {
        let mut work = Work {
            received: Arc::new(incoming.received),
            handler: None,
            failures: 0,
            permit: Some(permit),
            draining,
        };
        let settlement = self.settlement(&mut work).await;
        incoming.unsettled.settle(settlement);
        work.permit
    }

    /// What is rare is boxed, here and below: so that what each message takes is small.
    async fn settlement(&self, work: &mut Work<'_>) -> Settlement {
        let ProcessorOptions { services, routes, .. } = &self.options;
        let received = work.received.clone();
        let facts = received.facts(&services.settings().names);
        match admit(facts, received.has_waited(), now) {
            Admission::Due { failures } => work.failures = failures,
            Admission::Expired => {
                services.counters.expired.add_one();
                return Settlement::Done;
            }
            Admission::Malformed(malformed) => return Box::pin(self.refuse(work, malformed.into())).await,
            Admission::NotYet { wait } => return Box::pin(self.put_off(work, wait)).await,
        }
        match resolve(routes, facts) {
            Resolution::Route(route) => {
                work.handler = Some(route.handler);
                self.handle(work).await
            }
            Resolution::UnhandledReply => {
                services.counters.replies_unhandled.add_one();
                Settlement::Done
            }
            Resolution::UnmatchedEvent => {
                services.counters.events_unmatched.add_one();
                self.unmatched.forget(&facts.topic(), &received.queue);
                Settlement::Done
            }
            Resolution::WrongIntent(wrong) => Box::pin(self.refuse(work, wrong.into())).await,
            // The layers see it, and the innermost service fails: so it takes the retries first.
            Resolution::Unknown => self.handle(work).await,
        }
    }

    /// Moves a message to the error queue that cannot be understood.
    async fn refuse(&self, work: &mut Work<'_>, error: HandlerError) -> Settlement {
        work.permit = None; // others may begin
        let failure = error.permanent().into_failure();
        self.give_up(&work.received, &failure, work.failures.saturating_add(1)).await
    }

    /// Sends a message back into its queue that came before its time.
    async fn put_off(&self, work: &mut Work<'_>, wait: Duration) -> Settlement {
        work.permit = None; // others may begin
        let facts = work.received.facts(&self.options.services.settings().names);
        let failures = facts.error_retries().unwrap_or(0);
        self.options.recovery.postpone(&work.received, wait, failures).await
    }

    /// Runs the handler until it succeeds, or the policy has had enough.
    async fn handle(&self, work: &mut Work<'_>) -> Settlement {
        let attempt = self.attempt(work.received.facts(&self.options.services.settings().names));
        if let Some(attempt) = attempt.as_ref().filter(|_| work.received.redelivered) {
            match Box::pin(self.twin_is_done(work, attempt)).await {
                Some(true) => return Settlement::Done,
                Some(false) => {}
                None => return Settlement::Return,
            }
        }
        if self.may_count(&work.received)
            && let Some(settlement) = Box::pin(self.count_return(work, attempt.as_ref())).await
        {
            return settlement;
        }
        let running = attempt.map(|attempt| self.twins.begin(attempt, work.received.epoch));
        loop {
            if self.permit(work).await.is_none() {
                return Settlement::Return;
            }
            let Err(error) = self.run(work).await else {
                self.options.services.counters.handled.add_one();
                if let Some(running) = running {
                    running.succeeded();
                }
                return Settlement::Done;
            };
            work.permit = None; // others may begin
            if let Some(settlement) = Box::pin(self.after_failure(work, &error.into_failure())).await {
                if let Some(running) = running.filter(|_| settlement != Settlement::Return) {
                    running.moved();
                }
                return settlement;
            }
        }
    }

    /// What tells one attempt at a message from another; nothing for a message without an id.
    fn attempt(&self, facts: Facts<'_>) -> Option<Attempt> {
        let message_id = facts.shared_message_id()?;
        Some(self.twins.attempt(message_id, facts.error_retries().unwrap_or(0)))
    }

    /// One run of the handler, and the commit of what it sent.
    async fn run(&self, work: &Work<'_>) -> Result<(), HandlerError> {
        let scope = Arc::new(Scope::new(self.options.services.clone()));
        let attempt = work.failures.saturating_add(1);
        let delivery = Delivery::new(work.received.clone(), work.handler, attempt, scope.clone());
        // In its place: what is handed on by value takes room again in each future around it.
        let handling = pin!(self.options.handling.run(delivery));
        let deadline = deadline::in_future(self.options.handler_timeout);
        guarded(handling, deadline).await?;
        match scope.take_succeeded().filter(|transaction| !transaction.is_empty()) {
            Some(transaction) => Box::pin(transaction.commit()).await.map_err(commit_failed),
            None => Ok(()), // it sent nothing, or a layer answered instead of the handler
        }
    }

    /// Carries out the policy. `None` when the handler is to be run again, now.
    async fn after_failure(&self, work: &mut Work<'_>, failure: &Failure) -> Option<Settlement> {
        let ProcessorOptions { services, recovery, judge, .. } = &self.options;
        work.failures = work.failures.saturating_add(1);
        services.counters.failed.add_one();
        let mut failed = Failed {
            failure,
            received: &work.received,
            names: &services.settings().names,
            handler: work.handler,
            attempt: work.failures,
            verdict: Verdict::MoveToError,
        };
        let verdict = judge.judge(&mut failed).await;
        match verdict {
            Verdict::MoveToError => {
                Some(recovery.move_to_error(&work.received, failure, work.failures).await)
            }
            Verdict::Discard => {
                services.counters.discarded.add_one();
                Some(Settlement::Done)
            }
            Verdict::Retry(wait) => {
                services.counters.retried.add_one();
                if wait.is_zero() && !work.draining.is_cancelled() {
                    return None;
                }
                // A copy, also of one that would be tried at once, when the endpoint drains: it says how often the
                // message has failed.
                Some(recovery.postpone(&work.received, wait, work.failures).await)
            }
        }
    }

    /// Whether the message was handled already. `None` when its twin takes too long, the endpoint drains, or the message
    /// has come again.
    async fn twin_is_done(&self, work: &mut Work<'_>, attempt: &Attempt) -> Option<bool> {
        let mut twin = pin!(self.twins.is_done(attempt, work.received.epoch));
        if let Some(done) = twin.as_mut().now_or_never() {
            return done; // in its place, so that what a pause gave back keeps its order
        }
        work.permit = None; // the twin may need it
        work.draining.run_until_cancelled(timeout(LONGEST_WAIT, twin)).await?.ok()?
    }

    /// Waits for its turn, where it is not there. `None` when that takes too long, or the endpoint drains: the message
    /// goes back, unstarted.
    pub(super) async fn permit(&self, work: &mut Work<'_>) -> Option<()> {
        if work.permit.is_none() {
            let turn = Box::pin(timeout(LONGEST_WAIT, self.line.turn()));
            work.permit = work.draining.run_until_cancelled(turn).await?.ok()?;
        }
        // A shutdown drains once the broker delivers no more; nothing may begin in between.
        (work.permit.is_some() && !self.options.services.stopping.is_cancelled()).then_some(())
    }
}

/// A commit that fails in the same way next time fails for good: the handler has done its work, and doing it again would
/// charge the card again.
fn commit_failed(error: CommitError) -> HandlerError {
    let retryable = error.is_retryable();
    let failed = HandlerError::from(error);
    if retryable { failed } else { failed.permanent() }
}

/// A message on its way through its runs.
pub(super) struct Work<'a> {
    pub(super) received: Arc<Received>,
    /// Who takes it; `None` where nobody does.
    handler: Option<&'static str>,
    /// How often it has failed.
    pub(super) failures: u32,
    /// What it came with; none after it has let others begin.
    pub(super) permit: Option<Permit>,
    pub(super) draining: &'a CancellationToken,
}
