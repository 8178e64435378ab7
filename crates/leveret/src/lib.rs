//! A typed message bus for services on RabbitMQ.

mod deadline;
pub mod error;
pub mod headers;
mod id;

pub mod codec;
pub mod envelope;
pub mod topology;

mod delay;
pub mod message;
pub mod retry;
pub mod telemetry;

pub mod transport;

pub mod amqp;
pub mod memory;

pub mod context;
pub mod handler;

#[doc(hidden)]
pub mod __private;

pub use self::context::{Context, Delivery};
pub use self::error::{Failure, HandlerError, HandlerResultExt};
pub use self::handler::Endpoint;
pub use self::message::Message;
