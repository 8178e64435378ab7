//! What a bus does, from end to end: one set of cases for every transport.
//!
//! Each case is an async function over an [`Env`], a broker or virtual host of its own;
//! [`scenario_tests!`](crate::scenario_tests) makes one test of each in a test binary. Nothing waits for a time to
//! pass: handlers tell the case what they see, and counts and queues are asked until they are as they should be.
#![allow(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a case fails by panicking"
)]

mod cases;
pub mod contracts;
mod env;
mod steps;

pub mod committing;
pub mod deciding;
pub mod delays;
pub mod failing;
pub mod layers;
pub mod lifecycle;
pub mod owning;
pub mod pulling;
pub mod ramps;
pub mod receiving;
pub mod refusing;
pub mod renaming;
pub mod replying;
pub mod requesting;
pub mod retrying;
pub mod returning;
pub mod sample;
pub mod sending;
pub mod sharing;
pub mod starting;
pub mod subscribing;
pub mod transactions;
pub mod wire;

pub use self::env::Env;
