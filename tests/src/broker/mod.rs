//! A private RabbitMQ node for tests.
//!
//! [`Broker::start`] gives a test a node of its own, to stop, kill or freeze as it likes; [`Broker::shared`] one that
//! all tests of a process share, each in a [`VirtualHost`] of its own. What would disturb others takes `&mut self`,
//! so the shared broker cannot be asked for it.
//!
//! Each node has its own folder under the temporary folder, its own ports, cookie and home, and no epmd. It is ended
//! and its folder removed on drop, after a panic, and even after a SIGKILL of the test (see `watchdog.rs`). With the
//! Docker wrappers of `cargo xtask test` freezing does not reach into the container.
//!
//! Whatever fails here panics: it fails the test that asked.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a fixture fails the test that uses it, at once and with the reason"
)]

mod address;
mod alarm;
mod connections;
mod control;
#[path = "../../../crates/xtask/src/rabbitmq/find.rs"]
mod find; // one answer to where RabbitMQ is, for the fixture and for `cargo xtask test`
mod folder;
mod handle;
mod lifecycle;
mod node;
mod options;
mod ports;
mod queues;
mod users;
mod vhost;
mod wait;
mod watchdog;

pub use self::handle::Broker;
pub use self::options::{BrokerOptions, Tls};
pub use self::ports::free_port;
pub use self::queues::QueueInfo;
pub use self::users::Permissions;
pub use self::vhost::VirtualHost;
