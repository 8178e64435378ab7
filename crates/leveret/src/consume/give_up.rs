use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::{
    process::{LONGEST_WAIT, Processor, ProcessorOptions, Work},
    remembered::Attempt,
    returned::{Returned, returned},
};
use crate::{
    envelope::Received,
    error::{Class, Failure},
    retry::{Failed, Verdict},
    transport::Settlement,
};

/// An acknowledgement may wait 10 ms for others (design §4); some more, until the broker has it.
const ACKNOWLEDGED: Duration = Duration::from_millis(25);

/// What becomes of messages whose handlers are not run.
impl Processor {
    /// Whether the returns of a message are counted by its copies.
    pub(super) fn may_count(&self, received: &Received) -> bool {
        let ProcessorOptions { services, queue_counts_returns, .. } = &self.options;
        let is_copy =
            || received.facts(&services.settings().names).redeliveries().is_ok_and(|times| times > 0);
        !queue_counts_returns && (received.redelivered || is_copy())
    }

    /// Counts that a plain queue gives a message out again, since the process that had it may have died of it (design
    /// §4). `None` for a message that is to be handled now.
    pub(super) async fn count_return(
        &self,
        work: &mut Work<'_>,
        attempt: Option<&Attempt>,
    ) -> Option<Settlement> {
        let ProcessorOptions { services, recovery, .. } = &self.options;
        let received = work.received.clone();
        let returned = returned(&received, &services.settings().names);
        if returned == Returned::Uncounted {
            return self.original_is_settled(work, attempt).await;
        }
        // In turn, so that the copies keep the order of the messages.
        if self.permit(work).await.is_none() {
            return Some(Settlement::Return);
        }
        let _running = attempt.map(|attempt| self.twins.begin(attempt.clone(), received.epoch));
        match returned {
            Returned::Uncounted => None,
            Returned::Times(times) => recovery.count(&received, times).await,
            Returned::TooOften(times) => {
                let why = format!(
                    "the broker has taken the message back {times} times without an outcome: its handler seems to kill the process"
                );
                let failure = Failure::new(why.into(), Class::Permanent, "crash loop");
                Some(self.give_up(&received, &failure, work.failures).await)
            }
        }
    }

    /// A counted copy may come before the message that it replaces is acknowledged. If its handler killed the process
    /// now, there would be both from then on. `None` once it may be handled.
    async fn original_is_settled(
        &self,
        work: &mut Work<'_>,
        attempt: Option<&Attempt>,
    ) -> Option<Settlement> {
        let facts = work.received.facts(&self.options.services.settings().names);
        if facts.redeliveries().is_ok_and(|times| times == 0) {
            return None;
        }
        work.permit = None; // the original may need it
        let settled = async {
            if let Some(attempt) = attempt {
                self.twins.is_over(attempt, work.received.epoch).await;
            }
            sleep(ACKNOWLEDGED).await;
        };
        let settled = work.draining.run_until_cancelled(timeout(LONGEST_WAIT, settled)).await;
        settled.is_none().then_some(Settlement::Return)
    }

    /// Moves a message to the error queue for which no handler is run.
    pub(super) async fn give_up(&self, received: &Received, failure: &Failure, failures: u32) -> Settlement {
        let ProcessorOptions { services, recovery, judge, .. } = &self.options;
        judge.tell(&Failed {
            failure,
            received,
            names: &services.settings().names,
            handler: None,
            attempt: failures,
            verdict: Verdict::MoveToError,
        });
        recovery.move_to_error(received, failure, failures).await
    }
}
