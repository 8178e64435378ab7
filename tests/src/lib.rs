//! The broker fixture of the tests, and the suites that several test binaries share.

pub mod broker;
pub mod conformance;
pub mod ledger;
pub mod proxy;
mod ran;
pub mod scenarios;
pub mod soak;

pub use self::ran::Ran;
