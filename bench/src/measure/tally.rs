use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::watch;

use super::{Measurement, Meter};
use crate::outcome::Outcome;

/// Which messages were handled: each once, and none that was not sent. Also the clock of handling.
#[derive(Debug)]
pub(crate) struct Tally {
    expected: u64,
    handled: AtomicU64,
    /// A bit for each number.
    seen: Vec<AtomicU64>,
    /// What came twice, or has no number of ours.
    unexpected: AtomicU64,
    meter: OnceLock<Meter>,
    measured: watch::Sender<Option<Measurement>>,
}

impl Tally {
    /// For messages with the numbers from 0 up to this one.
    pub(crate) fn of(expected: u64) -> Self {
        Self {
            expected,
            handled: AtomicU64::new(0),
            seen: (0..=expected / 64).map(|_| AtomicU64::new(0)).collect(),
            unexpected: AtomicU64::new(0),
            meter: OnceLock::new(),
            measured: watch::Sender::new(None),
        }
    }

    /// A message was handled. The clock starts with the first and stops with the last.
    pub(crate) fn handled(&self, number: u64) {
        let bit = 1 << (number % 64);
        let word = usize::try_from(number / 64).ok().filter(|_| number < self.expected);
        let before =
            word.and_then(|word| self.seen.get(word)).map(|word| word.fetch_or(bit, Ordering::Relaxed));
        if before.is_none_or(|word| word & bit != 0) {
            self.unexpected.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let meter = self.meter.get_or_init(Meter::start);
        if self.handled.fetch_add(1, Ordering::AcqRel) + 1 == self.expected {
            self.measured.send_replace(Some(meter.stop(self.expected)));
        }
    }

    /// Whether all are handled.
    pub(crate) fn is_complete(&self) -> bool {
        self.measured.borrow().is_some()
    }

    /// Waits until all are handled: what that took.
    pub(crate) async fn complete(&self) -> Outcome<Measurement> {
        let mut measured = self.measured.subscribe();
        let measured = *measured.wait_for(Option::is_some).await?;
        Ok(measured.ok_or("not all are handled")?)
    }

    /// How far it has come.
    pub(crate) fn progress(&self) -> String {
        format!("{} of {} handled", self.handled.load(Ordering::Relaxed), self.expected)
    }

    /// # Errors
    /// When a message is missing, or came twice.
    pub(crate) fn check(&self) -> Outcome {
        let unexpected = self.unexpected.load(Ordering::Relaxed);
        if unexpected == 0 && self.is_complete() {
            return Ok(());
        }
        Err(format!("{}, and {unexpected} twice or never sent; this is no result", self.progress()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[tokio::test]
    async fn a_run_is_complete_when_each_has_come() {
        let tally = Tally::of(70);
        for number in (0..70).rev() {
            assert!(tally.check().is_err(), "before {number}");
            tally.handled(number);
        }
        assert_eq!(tally.complete().await.unwrap().messages, 70);
        assert!(tally.check().is_ok());
    }

    #[test]
    fn what_comes_twice_or_was_never_sent_spoils_the_run() {
        for spoiler in [0, 1, 2, 63, 64, u64::MAX] {
            let tally = Tally::of(2);
            for number in [0, spoiler, 1] {
                tally.handled(number);
            }
            let error = tally.check().map_err(|error| error.to_string());
            assert_eq!(error, Err("2 of 2 handled, and 1 twice or never sent; this is no result".to_owned()));
        }
    }
}
