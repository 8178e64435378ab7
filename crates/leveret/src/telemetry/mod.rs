//! What the bus counts.

mod counters;

pub(crate) use self::counters::Counters;
pub use self::counters::Counts;
