use std::{
    collections::{VecDeque, hash_map::Entry},
    hash::{BuildHasher, Hash, Hasher},
};

use crate::{headers::Text, numbered::Numbered};

/// How many connections back settlements are remembered. A message comes again on the next one, unless that is lost
/// as well.
const EPOCHS: usize = 4;

/// One attempt at one message: its copy for a retry is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    /// Of the rest. It is made once, and before anybody waits for it.
    hash: u64,
    failures: u32,
    message_id: Text,
}

impl Attempt {
    /// `keys` keep senders from choosing ids that collide.
    pub(super) fn new(message_id: Text, failures: u32, keys: &impl BuildHasher) -> Self {
        Self { hash: keys.hash_one((failures, message_id.as_str())), failures, message_id }
    }
}

impl Hash for Attempt {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

/// The messages in process, and those handled whose acknowledgement may have been lost with the connection (design §4).
///
/// At most `prefetch` acknowledgements can be under way on a connection, so no more are remembered of each. Pure: `W`
/// is what tells a twin how it ended.
#[derive(Debug)]
pub(super) struct Remembered<W> {
    prefetch: usize,
    /// Each message is looked for, so that is done once.
    attempts: Numbered<Attempt, State<W>>,
    /// What is done, by the connections that it was done on; newest last.
    epochs: VecDeque<(u64, VecDeque<Attempt>)>,
}

/// How it stands with an attempt.
#[derive(Debug)]
enum State<W> {
    /// With those who wait for its end, and the connections that they came by.
    Running(Vec<(u64, W)>),
    /// It is in one of the epochs.
    Done,
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
        Self { prefetch, attempts: Numbered::default(), epochs: VecDeque::new() }
    }

    /// A message that the broker flagged as redelivered, on the connection `epoch`. One that was done is acknowledged
    /// there, and that may be lost as well: it is remembered from now on as a settlement of that connection.
    pub(super) fn recall(&mut self, attempt: &Attempt, epoch: u64) -> Known {
        match self.attempts.get(attempt) {
            None => Known::Nothing,
            Some(State::Running(_)) => Known::Running,
            Some(State::Done) => {
                unlist(&mut self.epochs, attempt);
                self.list(attempt.clone(), epoch);
                Known::Done
            }
        }
    }

    /// Somebody on the connection `epoch` waits for the end of an attempt that runs; who comes too late is handed back.
    /// Those who came by earlier connections are dropped: nobody can settle them any more.
    pub(super) fn wait(&mut self, attempt: &Attempt, epoch: u64, waiter: W) -> Result<(), W> {
        match self.attempts.get_mut(attempt) {
            Some(State::Running(waiting)) => {
                waiting.retain(|(earlier, _)| *earlier >= epoch);
                waiting.push((epoch, waiter));
                Ok(())
            }
            _ => Err(waiter),
        }
    }

    /// An attempt begins. If the same was done before, the message was sent again: what counts now is how this one
    /// ends.
    pub(super) fn begin(&mut self, attempt: Attempt) {
        match self.attempts.entry(attempt) {
            Entry::Vacant(new) => drop(new.insert(State::Running(Vec::new()))),
            Entry::Occupied(mut known) if matches!(known.get(), State::Done) => {
                unlist(&mut self.epochs, known.key());
                known.insert(State::Running(Vec::new()));
            }
            Entry::Occupied(_) => {} // it runs twice
        }
    }

    /// An attempt has ended, on the connection `epoch`. Those who wait for it are to be told.
    pub(super) fn end(&mut self, attempt: &Attempt, epoch: u64, done: bool) -> Vec<W> {
        let waiting = if done { self.succeed(attempt, epoch) } else { self.fail(attempt) };
        waiting.into_iter().map(|(_, waiter)| waiter).collect()
    }

    fn succeed(&mut self, attempt: &Attempt, epoch: u64) -> Vec<(u64, W)> {
        let before = match self.attempts.get_mut(attempt) {
            Some(known) => Some(std::mem::replace(known, State::Done)),
            None => self.attempts.insert(attempt.clone(), State::Done),
        };
        if matches!(before, Some(State::Done)) {
            unlist(&mut self.epochs, attempt); // so that it is in one epoch at most
        }
        self.list(attempt.clone(), epoch);
        match before {
            Some(State::Running(waiting)) => waiting,
            _ => Vec::new(),
        }
    }

    fn fail(&mut self, attempt: &Attempt) -> Vec<(u64, W)> {
        let Some(State::Running(waiting)) = self.attempts.get_mut(attempt) else { return Vec::new() };
        let waiting = std::mem::take(waiting);
        self.attempts.remove(attempt);
        waiting
    }

    /// Puts what is done into its epoch, and forgets what has no room any more.
    fn list(&mut self, attempt: Attempt, epoch: u64) {
        let at = self.epochs.iter().position(|(other, _)| *other == epoch).unwrap_or_else(|| {
            self.epochs.push_back((epoch, VecDeque::new()));
            self.epochs.len() - 1
        });
        if let Some((_, done)) = self.epochs.get_mut(at) {
            done.push_back(attempt);
            if done.len() > self.prefetch
                && let Some(oldest) = done.pop_front()
            {
                self.attempts.remove(&oldest);
            }
        }
        if self.epochs.len() > EPOCHS
            && let Some((_, oldest)) = self.epochs.pop_front()
        {
            self.attempts.retain(|attempt, _| !oldest.contains(attempt));
        }
    }
}

/// Takes an attempt out of its epoch.
fn unlist(epochs: &mut VecDeque<(u64, VecDeque<Attempt>)>, attempt: &Attempt) {
    for (_, done) in epochs {
        done.retain(|other| other != attempt);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasherDefault, DefaultHasher};

    use super::*;

    fn attempt(id: &str, failures: u32) -> Attempt {
        Attempt::new(id.into(), failures, &BuildHasherDefault::<DefaultHasher>::default())
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
        let known =
            ["a", "b", "c", "d", "e", "f", "g"].map(|id| remembered.attempts.contains_key(&attempt(id, 0)));
        assert_eq!(
            known,
            [false, false, false, true, true, true, true],
            "a fell out of its epoch, 1 is forgotten"
        );
    }
}
