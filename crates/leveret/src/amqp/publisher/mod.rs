//! The way out: a handle admits messages into the window, one task writes them, a ledger joins the confirms.

mod blame;
mod entry;
mod gauge;
mod handle;
mod ledger;
mod session;
mod waiting;
mod window;
mod worker;

pub(super) use self::gauge::Gauge;
pub(super) use self::handle::AmqpPublisher;
#[cfg(feature = "__bench")]
pub(super) use self::ledger::Ledger;
pub(super) use self::worker::Worker;
