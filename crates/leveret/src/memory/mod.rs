//! A broker in process, with RabbitMQ's semantics: for the quick start, and for tests.
//!
//! It routes, confirms, returns, redelivers, dead-letters, expires and delays as RabbitMQ does, and passes the same
//! conformance suite. It writes nothing to disk, and its queues hold what is not consumed: like any broker it takes as
//! much memory as messages wait in it, unless a queue has an `x-max-length`.
//!
//! The broker itself is a plain state machine (`state`) behind a lock that is never held across an await. It has no
//! task of its own: whoever uses it first lets it catch up with the clock, and a waiting consumer sleeps until the
//! broker's next timer. So nothing is left to join, and tokio's paused clock makes every delay instant.

mod client;
mod consumer;
mod handle;
mod publisher;
mod shared;
mod state;
mod transport;

pub use self::handle::MemoryBroker;
