//! Looking after a fleet: what stands in the error queue, and what becomes of it.
//!
//! ```text
//! failed, source, death               what a failed message tells of itself: pure
//! copies, twins                       how it is written again: pure
//! filter                              which messages are meant: pure
//! returns                             which messages a quorum queue has taken back too often: pure
//! walk, windows, visitor              goes once through a queue, and loses nothing on the way
//! list, find, redrive, purge          what is done with each message
//! ```

mod copies;
mod death;
mod error;
mod error_queue;
mod failed;
mod filter;
mod find;
mod list;
mod purge;
mod redrive;
mod returns;
mod source;
mod twins;
mod visitor;
mod walk;
mod windows;

pub use self::error::{AdminError, AdminErrorKind};
pub use self::error_queue::{ErrorQueue, Found, Listing};
pub use self::failed::Failed;
pub use self::filter::Filter;
pub use self::redrive::{LeftMessage, LeftReason, Planned, Progress, Redrive, Redriven};
pub use self::visitor::Ending;
