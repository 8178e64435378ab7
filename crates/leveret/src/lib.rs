//! A typed message bus for services on RabbitMQ.

pub mod error;
mod id;

pub mod headers;

pub mod codec;
pub mod envelope;
pub mod topology;

pub mod message;

pub mod transport;

pub mod memory;

pub mod context;
pub mod handler;

#[doc(hidden)]
pub mod __private;

pub use self::context::{Context, Delivery};
pub use self::error::{Failure, HandlerError, HandlerResultExt};
pub use self::handler::Endpoint;
pub use self::message::Message;
