//! What the soak sends: numbered messages with a filler that shows whether they arrive whole.

use leveret::Message;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "soak")]
pub(super) struct Job {
    pub(super) load: Load,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "soak.happened")]
pub(super) struct Happened {
    pub(super) load: Load,
}

/// The number of a message, and as many bytes as go with it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Load {
    pub(super) number: u64,
    filler: String,
}

impl Load {
    pub(super) fn new(number: u64) -> Self {
        Self { number, filler: "x".repeat(length(number)) }
    }

    pub(super) fn is_whole(&self) -> bool {
        self.filler.len() == length(self.number)
    }
}

/// Mostly small; every thousandth takes two frames.
fn length(number: u64) -> usize {
    if number % 1000 == 999 { 200_000 } else { usize::try_from(number % 300).unwrap_or_default() }
}
