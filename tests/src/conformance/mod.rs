//! What every transport does: one set of cases, written against the port only.
//!
//! Each case is an async function over a [`Harness`]; [`conformance_tests!`](crate::conformance_tests) makes one test
//! of each in a test binary. Cases share a broker, since all their names are their own. Nothing waits for a time to
//! pass: "nothing more comes" is shown by a message that comes instead.
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case fails by panicking"
)]

mod cases;
mod harness;
mod steps;

pub mod close;
pub mod consume;
pub mod declare;
pub mod delay;
pub mod expire;
pub mod publish;
pub mod pull;
pub mod round_trip;
pub mod routing;
pub mod settle;

pub use self::harness::Harness;
