use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{bits::Bits, endings::Ending};

/// How many texts of failed sends are kept.
const EXAMPLES: usize = 3;

/// What became of each message, by its number: a few bits for each.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Book>);

#[derive(Debug, Default)]
struct Book {
    counts: Counts,
    ok: Bits,
    unknown: Bits,
    not_sent: Bits,
    handled: Bits,
    failures: Vec<String>,
}

/// How often what has happened. Cheap to read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// Numbers given out: messages whose sending began.
    pub(super) issued: u64,
    pub(super) ok: u64,
    pub(super) unknown: u64,
    pub(super) not_sent: u64,
    pub(super) failed: u64,
    /// Messages handled at least once.
    pub(super) handled: u64,
    /// Runs of a handler for a message that was handled before, by what the broker said of the delivery.
    pub(super) duplicated: u64,
    pub(super) duplicated_redelivered: u64,
    /// Runs of a handler for a delivery that the broker flagged as redelivered.
    pub(super) redelivered: u64,
    pub(super) never_sent: u64,
    pub(super) damaged: u64,
    /// The newest connection by which a message came.
    pub(super) epoch: u64,
}

/// What the ledger says at the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Balance {
    pub(super) counts: Counts,
    pub(super) lost: u64,
    pub(super) first_lost: Vec<u64>,
    /// Of those whose sending ended in `Unknown`.
    pub(super) unknown_handled: u64,
    /// Of those that the broker could not have.
    pub(super) not_sent_handled: u64,
    pub(super) failures: Vec<String>,
}

/// One run of a handler.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handling {
    pub(super) number: u64,
    pub(super) whole: bool,
    pub(super) redelivered: bool,
    pub(super) epoch: u64,
}

impl Ledger {
    /// A number for a message that is about to be sent.
    pub(super) fn issue(&self) -> u64 {
        let mut book = self.book();
        book.counts.issued += 1;
        book.counts.issued - 1
    }

    pub(super) fn ended(&self, number: u64, ending: Ending) {
        let mut book = self.book();
        match ending {
            Ending::Ok => drop(book.ok.insert(number)),
            Ending::Unknown => drop(book.unknown.insert(number)),
            Ending::NotSent => drop(book.not_sent.insert(number)),
            Ending::Failed(text) => {
                book.counts.failed += 1;
                if book.failures.len() < EXAMPLES {
                    book.failures.push(text);
                }
            }
        }
    }

    pub(super) fn handled(&self, handling: Handling) {
        let mut book = self.book();
        let first = handling.number < book.counts.issued && book.handled.insert(handling.number);
        let counts = &mut book.counts;
        if handling.number >= counts.issued {
            counts.never_sent += 1;
        } else if !first {
            counts.duplicated += 1;
            counts.duplicated_redelivered += u64::from(handling.redelivered);
        }
        counts.redelivered += u64::from(handling.redelivered);
        counts.damaged += u64::from(!handling.whole);
        counts.epoch = counts.epoch.max(handling.epoch);
    }

    pub(super) fn counts(&self) -> Counts {
        let book = self.book();
        Counts {
            ok: book.ok.count(),
            unknown: book.unknown.count(),
            not_sent: book.not_sent.count(),
            handled: book.handled.count(),
            ..book.counts
        }
    }

    /// How many messages whose sending returned `Ok` are not handled.
    pub(super) fn missing(&self) -> u64 {
        let book = self.book();
        book.ok.missing_from(&book.handled)
    }

    pub(super) fn balance(&self) -> Balance {
        let counts = self.counts();
        let book = self.book();
        Balance {
            counts,
            lost: book.ok.missing_from(&book.handled),
            first_lost: book.ok.first_missing_from(&book.handled, 10),
            unknown_handled: book.unknown.count() - book.unknown.missing_from(&book.handled),
            not_sent_handled: book.not_sent.count() - book.not_sent.missing_from(&book.handled),
            failures: book.failures.clone(),
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handle(ledger: &Ledger, number: u64, redelivered: bool) {
        ledger.handled(Handling { number, whole: true, redelivered, epoch: 1 });
    }

    #[test]
    fn the_balance_tells_lost_doubled_and_invented_messages_apart() {
        let ledger = Ledger::default();
        let endings =
            [Ending::Ok, Ending::Ok, Ending::Unknown, Ending::NotSent, Ending::Failed("no".to_owned())];
        for ending in endings {
            ledger.ended(ledger.issue(), ending);
        }
        for (number, redelivered) in [(0, false), (0, true), (2, false), (3, true), (9, false)] {
            handle(&ledger, number, redelivered);
        }
        let balance = ledger.balance();
        assert_eq!((balance.lost, balance.first_lost), (1, vec![1]));
        assert_eq!((balance.unknown_handled, balance.not_sent_handled), (1, 1));
        let counts = balance.counts;
        assert_eq!((counts.ok, counts.unknown, counts.not_sent, counts.failed), (2, 1, 1, 1));
        assert_eq!((counts.handled, counts.duplicated, counts.duplicated_redelivered), (3, 1, 1));
        assert_eq!((counts.redelivered, counts.never_sent), (2, 1));
    }
}
