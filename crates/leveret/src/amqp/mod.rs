//! The RabbitMQ transport, on the client library amqprs.
//!
//! ```text
//! options, url, tls         what to connect to
//! connection/               dial -> link -> supervisor: one task keeps one connection alive
//! channel, callbacks, rpc   amqprs, made safe to use (hazards H1 to H8)
//! publisher/                one task writes, a pure ledger joins confirms to messages
//! consumer/                 one task for each consumer, a pure ledger of acks
//! topology/                 declares, and remembers what to declare again
//! delay                     makes the levels ready that delayed messages wait in
//! ```
//!
//! Nothing outside this folder names amqprs.

mod backoff;
#[cfg(feature = "__bench")]
pub(crate) mod bench;
mod callbacks;
mod channel;
mod connection;
mod consumer;
mod convert;
mod delay;
mod fields;
mod operator;
mod options;
mod publisher;
mod pull;
mod repeated;
mod rpc;
mod settings;
mod stages;
mod template;
mod tls;
mod topology;
mod transport;
mod trouble;
mod url;

pub use self::options::AmqpOptions;
pub use self::tls::TlsOptions;
