//! The soak program: sends and handles on a private broker while faults are injected, and keeps a ledger.
//!
//! What must hold at the end: every message whose send returned `Ok` was handled, nothing was handled that was never
//! sent, nothing is in `error`, nothing panicked, and no task is left. `tests/src/bin/soak.rs` runs it; `cargo xtask
//! soak` finds RabbitMQ first.

mod bits;
mod contracts;
mod drain;
mod endings;
mod faults;
mod injector;
mod ledger;
mod options;
mod pace;
mod panics;
mod process;
mod random;
mod recovery;
mod report;
mod run;
mod schedule;
mod sender;
mod service;
mod world;

pub use self::options::{SoakOptions, USAGE};
pub use self::run::run;
