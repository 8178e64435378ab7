//! What the in-process broker does.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test fails by panicking")]

mod clock;
mod conformance;
mod process;
mod scenarios;
