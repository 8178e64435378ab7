//! Clocks and counts of one run.

mod machine;
mod measurement;
mod meter;
mod tally;

pub(crate) use self::measurement::{Latency, Measurement};
pub(crate) use self::meter::Meter;
pub(crate) use self::tally::Tally;
