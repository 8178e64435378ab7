use std::{sync::Arc, time::Duration};

use futures_util::{
    future::BoxFuture,
    stream::{FuturesUnordered, StreamExt},
};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    AdminError, AdminErrorKind, Failed,
    error_queue::ErrorQueue,
    returns,
    twins::Twins,
    visitor::{Ending, Moved, Verdict, Visitor},
    windows::Windows,
};
use crate::{
    envelope::{Envelope, Received},
    transport::{Incoming, Outgoing, PublishError, Publisher, Settlement, TransportErrorKind, Unsettled},
};

/// How many messages may be held: of each a row is kept, so this is a matter of memory.
const MOST_HELD: usize = 100_000;
/// How many copies may be unconfirmed at a time.
const MOST_AT_WORK: usize = 500;
/// How long a copy may take.
const COPY_TIMEOUT: Duration = Duration::from_secs(30);
/// After so long without a message it is asked whether there are any.
const QUIET: Duration = Duration::from_millis(500);
/// How long the broker may keep messages that it has.
const PATIENCE: Duration = Duration::from_secs(30);
/// RabbitMQ closes a channel on which a message is unsettled for 30 minutes.
const LONGEST: Duration = Duration::from_secs(20 * 60);
/// How long the way back may take.
const WAY_BACK: Duration = Duration::from_secs(60);

/// Lets a visitor decide about each message that is ready in a queue at the beginning, and returns what stays.
///
/// Nothing is lost on the way: what is removed is confirmed elsewhere first, and what a quorum queue has taken back
/// often is renewed before it goes back once more. A future that is dropped returns all that is not settled.
pub(super) async fn walk(
    queue: &ErrorQueue,
    width: u16,
    visitor: &mut dyn Visitor,
) -> Result<Ending, AdminError> {
    let ready = queue.depth().await?;
    visitor.begin(ready.into());
    if ready == 0 {
        return Ok(Ending::Complete);
    }
    let windows = Windows::open(&queue.transport, &queue.name, width).await?;
    let now = Instant::now();
    let mut walk = Walk {
        queue,
        publisher: queue.transport.publisher(),
        windows,
        ready: usize::try_from(ready).unwrap_or(usize::MAX),
        width: width.into(),
        settled: 0,
        held: Vec::new(),
        twins: Twins::default(),
        at_work: FuturesUnordered::new(),
        moving: 0,
        epoch: 0,
        counts_returns: false,
        last: now,
        ask_at: now + QUIET,
        ends_at: now + LONGEST,
    };
    let ending = walk.go(visitor).await;
    walk.way_back(visitor).await;
    ending
}

struct Walk<'a> {
    queue: &'a ErrorQueue,
    publisher: Arc<dyn Publisher>,
    windows: Windows,
    /// How many there were at the beginning.
    ready: usize,
    width: usize,
    /// How many are removed.
    settled: usize,
    held: Vec<Unsettled>,
    twins: Twins,
    at_work: FuturesUnordered<BoxFuture<'static, Worked>>,
    /// How many of those leave the queue.
    moving: usize,
    epoch: u64,
    /// Whether the queue is known to count how often it takes a message back.
    counts_returns: bool,
    /// When something last happened.
    last: Instant,
    ask_at: Instant,
    ends_at: Instant,
}

/// A message whose copy was written, or was not.
struct Worked {
    received: Received,
    unsettled: Unsettled,
    outcome: Result<(), PublishError>,
    /// Where to; `None` for a copy into the same queue.
    moved: Option<(Box<Failed>, String)>,
}

impl Walk<'_> {
    async fn go(&mut self, visitor: &mut dyn Visitor) -> Result<Ending, AdminError> {
        loop {
            if let Some(ending) = self.ending(visitor) {
                return Ok(ending);
            }
            self.windows.advance().await?;
            let takes = self.at_work.len() < MOST_AT_WORK && !self.is_all_taken();
            tokio::select! {
                Some(worked) = self.at_work.next(), if !self.at_work.is_empty() => self.worked(worked, visitor),
                incoming = self.windows.next(), if takes => match incoming {
                    Some(incoming) => self.visit(incoming, visitor),
                    None if self.windows.is_lost() => {
                        return Err(AdminErrorKind::Broker(TransportErrorKind::Closed).into());
                    }
                    None => {}
                },
                () = sleep_until(self.ask_at) => if self.is_over().await? {
                    return Ok(Ending::Complete);
                },
            }
        }
    }

    fn ending(&self, visitor: &mut dyn Visitor) -> Option<Ending> {
        if !visitor.goes_on() {
            return Some(Ending::Stopped);
        }
        if self.is_all_taken() {
            // What is on its way may still have to be held.
            return self.at_work.is_empty().then_some(Ending::Complete);
        }
        if self.held.len() >= MOST_HELD {
            return Some(Ending::Full);
        }
        (Instant::now() > self.ends_at).then_some(Ending::OutOfTime)
    }

    fn is_all_taken(&self) -> bool {
        self.settled + self.moving + self.held.len() >= self.ready
    }

    /// Nothing has come for a while: perhaps others took what was there.
    async fn is_over(&mut self) -> Result<bool, AdminError> {
        self.ask_at = Instant::now() + QUIET;
        if !self.at_work.is_empty() {
            return Ok(false);
        }
        let ready = self.queue.depth().await?;
        let waited = self.last.elapsed();
        if ready > 0 && waited > PATIENCE {
            let queue = self.queue.name.clone();
            return Err(AdminErrorKind::Stuck { queue, ready, seconds: waited.as_secs() }.into());
        }
        Ok(ready == 0)
    }

    fn visit(&mut self, incoming: Incoming, visitor: &mut dyn Visitor) {
        let Incoming { received, unsettled, .. } = incoming;
        self.happened();
        if received.epoch != self.epoch {
            if self.epoch != 0 {
                self.held.clear();
                self.twins = Twins::default();
                self.windows.forget();
                // The acks of a window may be lost with the connection: so many may come again that are counted.
                self.ready = self.ready.saturating_add(self.width);
                visitor.restart();
            }
            self.epoch = received.epoch;
        }
        self.counts_returns |= returns::are_counted(&received);
        match visitor.judge(&received) {
            // The copy comes again.
            Verdict::Hold if returns::are_many(&received) => self.renew(received, unsettled),
            Verdict::Hold => self.keep(&received, unsettled, visitor),
            Verdict::Remove => {
                self.settled += 1;
                unsettled.settle(Settlement::Done);
            }
            Verdict::Move { copy, to, failed } => {
                self.moving += 1;
                self.write(received, unsettled, *copy, &to.clone(), Some((failed, to)));
            }
        }
    }

    /// Keeps a message until the end.
    fn keep(&mut self, received: &Received, unsettled: Unsettled, visitor: &mut dyn Visitor) {
        if self.twins.has_twin(received, &self.queue.copies) {
            return unsettled.settle(Settlement::Done);
        }
        visitor.held(received);
        self.held.push(unsettled);
        self.windows.hold();
    }

    fn write(
        &self,
        received: Received,
        unsettled: Unsettled,
        copy: Envelope,
        to: &str,
        moved: Option<(Box<Failed>, String)>,
    ) {
        let mut outgoing = Outgoing::new("", to, copy, Instant::now() + COPY_TIMEOUT);
        outgoing.travels_on = true;
        let publisher = self.publisher.clone();
        self.at_work.push(Box::pin(async move {
            let outcome = publisher.publish(outgoing).await;
            Worked { received, unsettled, outcome, moved }
        }));
    }

    fn worked(&mut self, worked: Worked, visitor: &mut dyn Visitor) {
        self.happened();
        let Worked { received, unsettled, outcome, moved } = worked;
        let outcome = outcome.map_err(|error| error.kind().clone());
        let Some((failed, to)) = moved else {
            return match outcome {
                Ok(()) => unsettled.settle(Settlement::Done),
                // It cannot be renewed: it goes back as it is, once more.
                Err(_) => self.keep(&received, unsettled, visitor),
            };
        };
        self.moving -= 1;
        let outcome = match outcome {
            Ok(()) => {
                self.settled += 1;
                unsettled.settle(Settlement::Done);
                Moved::Confirmed
            }
            Err(_) if returns::are_many(&received) => {
                self.renew(received, unsettled);
                Moved::ComesAgain
            }
            Err(kind) => {
                self.windows.hold();
                self.held.push(unsettled);
                Moved::Left(kind)
            }
        };
        visitor.moved(*failed, to, outcome);
    }

    fn renew(&self, received: Received, unsettled: Unsettled) {
        let copy = self.queue.copies.renewed(&received);
        self.write(received, unsettled, copy, &self.queue.name, None);
    }

    fn happened(&mut self) {
        self.last = Instant::now();
        self.ask_at = self.last + QUIET;
    }

    /// Returns what is held, after what is on its way here has been renewed where it must be: it counts as returned too.
    ///
    /// A queue that counts gets each back by a nack, which 4.3 does not count. Any other gets all at once, when the
    /// channel is closed: a classic queue sorts in what is returned one by one, and took a minute for 20,000 messages.
    async fn way_back(mut self, visitor: &mut dyn Visitor) {
        let deadline = Instant::now() + WAY_BACK;
        self.windows.end().await;
        let mut ended = false;
        while !ended || !self.at_work.is_empty() {
            let has_room = self.at_work.len() < MOST_AT_WORK;
            let step = async {
                tokio::select! {
                    Some(worked) = self.at_work.next(), if !self.at_work.is_empty() => Some(Ok(worked)),
                    incoming = self.windows.next(), if !ended && has_room => incoming.map(Err),
                }
            };
            match timeout_at(deadline, step).await {
                Ok(Some(Ok(worked))) => self.worked(worked, visitor),
                Ok(Some(Err(Incoming { received, unsettled, .. }))) if returns::are_many(&received) => {
                    self.renew(received, unsettled);
                }
                Ok(Some(Err(unvisited))) => self.held.push(unvisited.unsettled),
                Ok(None) => ended = true,
                Err(_) => break,
            }
        }
        let returned = self.held.len();
        if self.counts_returns {
            self.held.clear();
        }
        self.windows.close().await;
        self.held.clear();
        self.queue.takes_back(returned).await;
    }
}
