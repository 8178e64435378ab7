use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use leveret::{CommitError, SendError};
use tokio::task::JoinSet;

use super::{
    contracts::{Happened, Job, Load},
    endings::Ending,
    pace::Pace,
    world::World,
};

/// How many tasks send at the same time.
const SENDERS: usize = 200;

/// Sends from many tasks until there are no more tickets; the longest time that one of them could not send.
pub(super) async fn send_all(world: Arc<World>, pace: Arc<Pace>) -> Duration {
    let mut senders = JoinSet::new();
    for first in 0..SENDERS {
        let sender = Sender { world: world.clone(), failing_since: None, longest: Duration::ZERO };
        senders.spawn(sender.run(pace.clone(), first));
    }
    senders.join_all().await.into_iter().max().unwrap_or_default()
}

struct Sender {
    world: Arc<World>,
    failing_since: Option<Instant>,
    longest: Duration,
}

impl Sender {
    /// Of ten turns four send a command, four publish an event, and two commit one of each.
    async fn run(mut self, pace: Arc<Pace>, first: usize) -> Duration {
        for turn in first.. {
            let both = turn % 5 == 4;
            if !pace.take(if both { 2 } else { 1 }).await {
                break;
            }
            let started = Instant::now();
            let ok = match turn % 5 {
                0 | 1 => self.send().await,
                2 | 3 => self.publish().await,
                _ => self.commit().await,
            };
            self.note(started, ok);
        }
        self.longest
    }

    async fn send(&self) -> bool {
        let number = self.world.ledger.issue();
        let result = self.world.sender.send(Job { load: Load::new(number) }).await;
        self.end(number, result.as_ref().map_err(SendError::kind).copied())
    }

    async fn publish(&self) -> bool {
        let number = self.world.ledger.issue();
        let result = self.world.sender.publish(Happened { load: Load::new(number) }).await;
        self.end(number, result.as_ref().map_err(SendError::kind).copied())
    }

    async fn commit(&self) -> bool {
        let numbers = [self.world.ledger.issue(), self.world.ledger.issue()];
        let [job, happened] = numbers.map(Load::new);
        let transaction = self.world.sender.transaction();
        // What a transaction takes is sent by nobody before its commit, which answers for all of it.
        let job = transaction.send(Job { load: job }).await;
        let happened = transaction.publish(Happened { load: happened }).await;
        for (number, taken) in numbers.into_iter().zip([&job, &happened]) {
            if let Err(error) = taken {
                self.end(number, Err(error.kind()));
            }
        }
        if job.is_err() || happened.is_err() {
            return false;
        }
        let result = transaction.commit().await;
        let outcomes = result.as_ref().err().map(CommitError::kind).map(|kind| &kind.outcomes);
        let mut ok = true;
        for (at, number) in numbers.into_iter().enumerate() {
            let outcome = outcomes.and_then(|outcomes| outcomes.get(at));
            let result = outcome.map_or(Ok(()), |outcome| outcome.result.as_ref().copied());
            ok &= self.end(number, result);
        }
        ok
    }

    fn end(&self, number: u64, result: Result<(), &leveret::publish::SendErrorKind>) -> bool {
        let ending = Ending::of(result);
        let ok = ending == Ending::Ok;
        self.world.ledger.ended(number, ending);
        ok
    }

    /// An outage lasts from the start of the first send that does not succeed at once to the next success.
    fn note(&mut self, started: Instant, ok: bool) {
        let since = *self.failing_since.get_or_insert(started);
        if ok {
            self.failing_since = None;
        }
        self.longest = self.longest.max(since.elapsed());
    }
}
