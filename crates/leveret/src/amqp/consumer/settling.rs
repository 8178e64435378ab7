use std::{sync::Arc, time::Duration};

use amqprs::channel::{BasicAckArguments, BasicNackArguments, BasicRejectArguments};
use tokio::time::{Instant, sleep, timeout};

use super::{
    acks::{AckLedger, Notice},
    alarm::Alarm,
    burst::Burst,
    pace::Pace,
    settle::{SettleByOwner, Settlements},
};
use crate::{
    amqp::{channel::Channel, rpc::RPC_TIMEOUT, trouble::Trouble},
    transport::Settlement,
};

/// How long an ack may wait for others, and for its turn (design §4).
const ACK_DELAY: Duration = Duration::from_millis(10);
/// A delivery is slow when so many windows have passed it.
const WINDOWS: u64 = 4;

/// What is unsettled on one channel, and what the broker is told of it: as few acks as will do.
#[derive(Debug)]
pub(crate) struct Settling {
    /// The prefetch, at least 1.
    window: u16,
    ledger: AckLedger,
    settlements: Arc<Settlements>,
    /// Those that are being noted; empty in between.
    batch: Vec<(u64, Settlement)>,
    /// When the waiting acks must be told at the latest.
    flush_at: Alarm,
    burst: Burst,
    pace: Pace,
    /// Whether the broker was told that a message is done with.
    has_settled: bool,
}

impl Settling {
    pub(crate) fn new(window: u16) -> Self {
        Self {
            window,
            ledger: AckLedger::default(),
            settlements: Arc::new(Settlements::new()),
            batch: Vec::new(),
            flush_at: Alarm::default(),
            burst: Burst::new(Instant::now()),
            pace: Pace::new(Instant::now()),
            has_settled: false,
        }
    }

    /// A message came: the right to settle it.
    pub(crate) fn delivered(&mut self, tag: u64) -> SettleByOwner {
        self.ledger.delivered(tag);
        SettleByOwner { tag, settlements: self.settlements.clone() }
    }

    /// How many deliveries are neither done nor given back.
    pub(super) fn unfinished(&self) -> usize {
        self.ledger.unfinished()
    }

    /// Whether everything handed over is settled, and told.
    pub(super) fn is_settled(&self) -> bool {
        self.ledger.unfinished() == 0 && self.ledger.waiting() == 0
    }

    /// Whether the broker was told that a message is done with.
    pub(super) fn has_settled(&self) -> bool {
        self.has_settled
    }

    /// How many deliveries are so slow that they had better have a channel to themselves: behind them each takes an ack
    /// of its own, where otherwise one does for many.
    pub(super) fn slow(&self) -> usize {
        self.ledger.passed_by(WINDOWS * u64::from(self.window))
    }

    /// Waits until there is something to note or to tell. Cancel safe.
    pub(crate) async fn due(&mut self) {
        tokio::select! {
            () = self.settlements.worth_noting() => {}
            () = self.flush_at.ring() => {}
        }
    }

    /// Notes what is settled, and tells the broker at once what is not done.
    pub(crate) async fn note(&mut self, channel: &Channel) -> Result<(), Trouble> {
        let now = Instant::now();
        let mut batch = std::mem::take(&mut self.batch);
        self.settlements.take(&mut batch);
        self.pace.settle(batch.len(), now);
        for (tag, settlement) in batch.drain(..) {
            if let Some(notice) = self.ledger.settle(tag, settlement, now) {
                self.tell(channel, notice).await?;
            }
        }
        self.batch = batch;
        Ok(())
    }

    /// Tells the broker what had better be told now, and rests until there is more.
    pub(super) async fn flush(&mut self, channel: &Channel) -> Result<(), Trouble> {
        let now = Instant::now();
        let patience = self.patience(now);
        if let Some(patience) = patience {
            self.tell_done(channel, patience).await?;
        }
        let oldest = self.ledger.oldest();
        // After a full batch the next one is on its way: whoever sleeps until then is woken once.
        let since = oldest.or_else(|| patience.filter(|_| self.pace.is_fast()).map(|_| now));
        if let Some(since) = since {
            self.flush_at.set(since + ACK_DELAY);
            self.settlements.wake_at(self.enough());
        } else {
            self.flush_at.clear();
            self.settlements.wake_at(1);
        }
        Ok(())
    }

    /// Tells all that is done.
    pub(crate) async fn flush_all(&mut self, channel: &Channel) -> Result<(), Trouble> {
        self.tell_done(channel, Duration::ZERO).await
    }

    /// How long the channel must stay open, so that nothing it has told is forgotten.
    pub(super) async fn linger(&self) {
        sleep(self.burst.pause()).await;
    }

    /// How long an ack must have waited to be told by itself. `None` when none is told yet, not even of a finished prefix.
    ///
    /// What stands behind an unfinished delivery waits longer than a finished prefix: most of it will soon be one.
    fn patience(&mut self, now: Instant) -> Option<Duration> {
        let waiting = self.ledger.waiting();
        let waited = self.ledger.oldest().map(|oldest| now.saturating_duration_since(oldest))?;
        if !self.pace.is_fast() || waiting >= (usize::from(self.window) * 3 / 4).max(1) {
            Some(Duration::ZERO) // the broker needs room to send more
        } else if waited >= ACK_DELAY {
            Some(ACK_DELAY / 2) // what is nearly due goes along
        } else if waiting >= self.enough() {
            Some(ACK_DELAY)
        } else {
            None
        }
    }

    /// How many settlements are worth an ack. The broker sends more only once it has the ack, and handlers must not run out
    /// of messages until then; still fewer at a time gain nothing.
    fn enough(&self) -> usize {
        usize::from(self.window / 4).max(1)
    }

    /// Tells the finished prefix, and what has waited for `patience` behind it.
    async fn tell_done(&mut self, channel: &Channel, patience: Duration) -> Result<(), Trouble> {
        let now = Instant::now();
        while let Some(notice) = self.ledger.flush(now, patience) {
            self.tell(channel, notice).await?;
        }
        Ok(())
    }

    /// Tells the broker. An error is the end of the channel.
    pub(super) async fn tell(&mut self, channel: &Channel, notice: Notice) -> Result<(), Trouble> {
        let raw = channel.raw()?;
        let told = async {
            match notice {
                Notice::Ack { tag, multiple } => raw.basic_ack(BasicAckArguments::new(tag, multiple)).await,
                Notice::Return { tag } => raw.basic_nack(BasicNackArguments::new(tag, false, true)).await,
                Notice::Reject { tag } => raw.basic_reject(BasicRejectArguments::new(tag, false)).await,
            }
        };
        // Waits only while amqprs' queue to a stuck socket is full; dropping it half-way sends nothing.
        match timeout(RPC_TIMEOUT, told).await {
            Ok(Ok(())) => {
                self.has_settled |= !matches!(notice, Notice::Return { .. });
                self.burst.tell(Instant::now());
                Ok(())
            }
            Ok(Err(_)) => Err(channel.trouble()),
            Err(_) => {
                channel.link().end("the broker took no ack within 10 s");
                Err(channel.trouble())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn acks_wait_for_others_but_not_for_long() {
        const QUARTER: Option<Duration> = Some(ACK_DELAY);
        const FULL: Option<Duration> = Some(Duration::ZERO);
        const LATE: Option<Duration> = Some(Duration::from_millis(5));
        for (window, done, millis, patience) in [
            (200, 0, 20, None),
            (200, 1, 0, None),
            (200, 49, 9, None),
            (200, 50, 9, QUARTER),
            (200, 149, 9, QUARTER),
            (200, 150, 0, FULL),
            (200, 1, 10, LATE),
            (200, 60, 11, LATE),
            (8, 1, 0, None),
            (8, 2, 0, QUARTER),
            (8, 6, 0, FULL),
            (2, 1, 0, FULL),
            (1, 1, 0, FULL),
        ] {
            let (mut settling, start) = (Settling::new(window), Instant::now());
            settling.pace.settle(100, start);
            for tag in 1..=done {
                drop(settling.delivered(tag));
                settling.ledger.settle(tag, Settlement::Done, start);
            }
            let now = start + Duration::from_millis(millis);
            assert_eq!(settling.patience(now), patience, "{done} of {window} for {millis} ms");
        }
    }

    #[tokio::test]
    async fn where_few_are_settled_none_waits() {
        let mut settling = Settling::new(200);
        drop(settling.delivered(1));
        settling.ledger.settle(1, Settlement::Done, Instant::now());
        assert_eq!(settling.patience(Instant::now()), Some(Duration::ZERO));
    }
}
