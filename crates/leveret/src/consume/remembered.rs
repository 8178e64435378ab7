use std::collections::{HashMap, HashSet, VecDeque};

use crate::headers::Text;

/// How many connections back settlements are remembered. A message comes again on the next one, unless that is lost
/// as well.
const EPOCHS: usize = 4;

/// One attempt at one message: its copy for a retry is another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Attempt {
    pub(super) message_id: Text,
    pub(super) failures: u32,
}

/// The messages in process, and those handled whose acknowledgement may have been lost with the connection (design §4).
///
/// At most `prefetch` acknowledgements can be under way on a connection, so no more are remembered of each. Pure: `W`
/// is what tells a twin how it ended.
#[derive(Debug)]
pub(super) struct Remembered<W> {
    prefetch: usize,
    /// Those who wait for the end of each, with the connection that they came by.
    running: HashMap<Attempt, Vec<(u64, W)>>,
    /// Newest last.
    epochs: VecDeque<(u64, VecDeque<Attempt>)>,
    /// All that are in one of the epochs: each message asks, and hardly one is there.
    done: HashSet<Attempt>,
}

/// What is known of a message that came again.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It was done: only its acknowledgement was lost.
    Done,
    /// It is in process at this moment, by the delivery that came first.
    Running,
    /// Nothing: it must be handled.
    Nothing,
}

impl<W> Remembered<W> {
    pub(super) fn new(prefetch: usize) -> Self {
        Self { prefetch, running: HashMap::new(), epochs: VecDeque::new(), done: HashSet::new() }
    }

    /// A message that the broker flagged as redelivered, on the connection `epoch`. One that was done is acknowledged
    /// there, and that may be lost as well: it is remembered from now on as a settlement of that connection.
    pub(super) fn recall(&mut self, attempt: &Attempt, epoch: u64) -> Known {
        if self.running.contains_key(attempt) {
            return Known::Running;
        }
        if !self.forget(attempt) {
            return Known::Nothing;
        }
        self.remember(attempt.clone(), epoch);
        Known::Done
    }

    /// Whether there was something to forget.
    fn forget(&mut self, attempt: &Attempt) -> bool {
        if !self.done.remove(attempt) {
            return false;
        }
        for (_, done) in &mut self.epochs {
            done.retain(|other| other != attempt);
        }
        true
    }

    /// Somebody on the connection `epoch` waits for the end of an attempt that runs; who comes too late is handed back.
    /// Those who came by earlier connections are dropped: nobody can settle them any more.
    pub(super) fn wait(&mut self, attempt: &Attempt, epoch: u64, waiter: W) -> Result<(), W> {
        match self.running.get_mut(attempt) {
            Some(waiting) => {
                waiting.retain(|(earlier, _)| *earlier >= epoch);
                waiting.push((epoch, waiter));
                Ok(())
            }
            None => Err(waiter),
        }
    }

    /// An attempt begins. If the same was done before, the message was sent again: what counts now is how this one
    /// ends.
    pub(super) fn begin(&mut self, attempt: Attempt) {
        self.forget(&attempt);
        self.running.entry(attempt).or_default();
    }

    /// An attempt has ended, on the connection `epoch`. Those who wait for it are to be told.
    pub(super) fn end(&mut self, attempt: &Attempt, epoch: u64, done: bool) -> Vec<W> {
        if done {
            self.remember(attempt.clone(), epoch);
        }
        let waiting = self.running.remove(attempt).unwrap_or_default();
        waiting.into_iter().map(|(_, waiter)| waiter).collect()
    }

    fn remember(&mut self, attempt: Attempt, epoch: u64) {
        self.forget(&attempt); // so that it is in one epoch at most
        if self.epochs.iter().all(|(other, _)| *other != epoch) {
            self.epochs.push_back((epoch, VecDeque::new()));
            if self.epochs.len() > EPOCHS
                && let Some((_, oldest)) = self.epochs.pop_front()
            {
                self.done.retain(|attempt| !oldest.contains(attempt));
            }
        }
        if let Some((_, done)) = self.epochs.iter_mut().find(|(other, _)| *other == epoch) {
            self.done.insert(attempt.clone());
            done.push_back(attempt);
            if done.len() > self.prefetch
                && let Some(oldest) = done.pop_front()
            {
                self.done.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(id: &str, failures: u32) -> Attempt {
        Attempt { message_id: id.into(), failures }
    }

    #[test]
    fn done_is_recalled_however_often_its_acknowledgement_is_lost() {
        let mut remembered = Remembered::<()>::new(2);
        remembered.begin(attempt("a", 0));
        remembered.end(&attempt("a", 0), 1, true);
        assert_eq!(remembered.recall(&attempt("a", 1), 2), Known::Nothing, "a retry is another attempt");
        for epoch in 2..20 {
            assert_eq!(remembered.recall(&attempt("a", 0), epoch), Known::Done, "{epoch}");
        }
    }

    #[test]
    fn what_was_sent_again_on_purpose_counts_anew() {
        let mut remembered = Remembered::<()>::new(2);
        remembered.begin(attempt("a", 0));
        remembered.end(&attempt("a", 0), 1, true);
        remembered.begin(attempt("a", 0));
        remembered.end(&attempt("a", 0), 1, false);
        assert_eq!(remembered.recall(&attempt("a", 0), 2), Known::Nothing);
    }

    #[test]
    fn what_was_not_done_is_handled_again() {
        let mut remembered = Remembered::<()>::new(2);
        remembered.begin(attempt("a", 0));
        remembered.end(&attempt("a", 0), 1, false);
        assert_eq!(remembered.recall(&attempt("a", 0), 2), Known::Nothing);
    }

    #[test]
    fn twins_wait_for_the_one_that_runs() {
        let mut remembered = Remembered::new(2);
        remembered.begin(attempt("a", 0));
        assert_eq!(remembered.recall(&attempt("a", 0), 2), Known::Running);
        assert_eq!(remembered.wait(&attempt("a", 0), 2, "stale"), Ok(()));
        assert_eq!(remembered.wait(&attempt("a", 0), 3, "twin"), Ok(()));
        assert_eq!(remembered.end(&attempt("a", 0), 1, true), ["twin"]);
        assert_eq!(remembered.wait(&attempt("a", 0), 3, "late"), Err("late"));
    }

    #[test]
    fn no_more_is_remembered_than_can_be_lost() {
        let mut remembered = Remembered::<()>::new(2);
        for (epoch, id) in [(1, "a"), (1, "b"), (1, "c"), (2, "d"), (3, "e"), (4, "f"), (5, "g")] {
            remembered.end(&attempt(id, 0), epoch, true);
        }
        let known = ["a", "b", "c", "d", "e", "f", "g"].map(|id| remembered.forget(&attempt(id, 0)));
        assert_eq!(
            known,
            [false, false, false, true, true, true, true],
            "a fell out of its epoch, 1 is forgotten"
        );
    }
}
