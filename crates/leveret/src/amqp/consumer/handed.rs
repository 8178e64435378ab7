use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{
    envelope::{Names, Received},
    transport::Incoming,
};

/// A message on its way to the handle.
#[derive(Debug)]
pub(super) struct Handed {
    incoming: Incoming,
    alive: Arc<AtomicBool>,
}

impl Handed {
    /// `alive` while the channel is.
    pub(super) fn new(incoming: Incoming, alive: Arc<AtomicBool>) -> Self {
        Self { incoming, alive }
    }

    /// The message, unless its channel is gone.
    pub(super) fn into_incoming(self) -> Option<Incoming> {
        self.alive.load(Ordering::Acquire).then_some(self.incoming)
    }
}

/// How often the queue has taken the message back: a quorum queue says so itself, and on a plain one a bus writes it into
/// the message, under its prefix.
pub(super) fn returns(received: &Received) -> i64 {
    let counts = received
        .envelope
        .headers
        .iter()
        .filter(|(name, _)| *name == "x-delivery-count" || name.ends_with(Names::REDELIVERIES));
    counts.filter_map(|(_, value)| value.as_integer()).max().unwrap_or(0)
}
