//! The command `leveret` on a package of a user's: a copy of `shop`, which the tests change.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod documents;
mod mistakes;
mod shop;
mod snapshots;
