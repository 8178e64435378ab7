//! A bad network for tests: a TCP proxy in front of a broker.
//!
//! A [`Proxy`] listens on a port of its own and passes on what comes, as well or badly as the test says. It may stand
//! before a broker that others use too: they do not notice.
//!
//! Whatever fails here panics: it fails the test that asked.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a fixture fails the test that uses it, at once and with the reason"
)]

mod conditions;
mod connection;
mod handle;
mod pump;

pub use self::conditions::Direction;
pub use self::handle::Proxy;
