use super::Failed;
use crate::{
    envelope::{Envelope, Received},
    transport::PublishErrorKind,
};

/// How a look through the queue ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Ending {
    /// Everything that was there at the beginning was looked at.
    #[default]
    Complete,
    /// It was asked to stop, or had found what it wanted.
    Stopped,
    /// 100,000 messages are held, which is all that is kept of a queue at a time. The rest was not looked at.
    Full,
    /// 20 minutes have passed; a broker does not let messages be held for longer than 30. The rest was not looked at.
    OutOfTime,
}

/// What becomes of a message.
pub(super) enum Verdict {
    /// It stays in the queue.
    Hold,
    /// It is removed.
    Remove,
    /// It is removed when its copy is confirmed.
    Move { copy: Box<Envelope>, to: String, failed: Box<Failed> },
}

/// What became of a message that was to be moved.
pub(super) enum Moved {
    /// Its copy is confirmed.
    Confirmed,
    /// It stays, and will not come again.
    Left(PublishErrorKind),
    /// It stays, and comes once more.
    ComesAgain,
}

/// Decides about each message of a queue.
pub(super) trait Visitor: Send {
    /// The look-through begins, with so many messages ready.
    fn begin(&mut self, ready: u64);
    /// What becomes of this message. It may be asked again about the same one.
    fn judge(&mut self, received: &Received) -> Verdict;
    /// This message stays, and will not come again.
    fn held(&mut self, received: &Received);
    /// What became of a copy.
    fn moved(&mut self, failed: Failed, to: String, outcome: Moved);
    /// All that were held come again.
    fn restart(&mut self);
    /// Whether to go on. Asked after each message, and at least each half second.
    fn goes_on(&mut self) -> bool;
}
