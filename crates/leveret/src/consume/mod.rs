//! What becomes of the messages of an endpoint: taken, handled, settled.

mod admit;
mod copies;
mod give_up;
mod handling;
mod judge;
mod line;
mod process;
mod pump;
mod recover;
mod remembered;
mod returned;
mod runner;
mod story;
mod twins;
mod unmatched;

pub(crate) use self::handling::Handling;
pub(crate) use self::judge::Judge;
pub(crate) use self::process::{Processor, ProcessorOptions};
pub(crate) use self::pump::{Pump, PumpOptions};
pub(crate) use self::recover::{Recovery, RecoveryOptions};
