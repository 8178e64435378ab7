//! Leveret and PikaBus 2.0.1 on one RabbitMQ: a service in Rust and a service in Python, each as its users write it.
//!
//! `cargo xtask test` makes the Python that this needs; without it every test returns at once, and one line says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the helpers of tests are tests, which clippy cannot see"
)]

mod commands;
mod declare;
mod errors;
mod events;
mod headers;
mod probe;
mod python;
mod replies;
mod retry;
mod services;
mod shared;
mod site;
