//! Every command, on a real RabbitMQ.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod bad_input;
mod doctor;
mod killed;
mod listing;
mod looking;
mod purging;
mod redriving;
mod support;
mod topology;
