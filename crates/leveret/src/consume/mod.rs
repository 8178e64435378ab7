//! What becomes of the messages of an endpoint: taken, handled, settled.

mod admit;
mod copies;
mod line;
mod process;
mod pump;
mod recover;
mod remembered;
mod twins;
mod unmatched;

pub(crate) use self::process::{Processor, ProcessorOptions};
pub(crate) use self::pump::{Pump, PumpOptions};
pub(crate) use self::recover::{Recovery, RecoveryOptions};
