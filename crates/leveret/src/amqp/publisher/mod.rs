//! The way out: a handle admits messages into the window and writes them, a ledger joins the confirms, and a task sees to
//! everything that does not go by itself.

mod blame;
mod desk;
mod entry;
mod handle;
mod ledger;
mod session;
mod waiting;
mod window;
mod worker;

pub(super) use self::handle::AmqpPublisher;
#[cfg(feature = "__bench")]
pub(super) use self::ledger::{Confirm, Ledger};
pub(super) use self::worker::Worker;
