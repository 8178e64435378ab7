//! What the examples share: the contracts, as a crate of their own would hold them, and the broker.
#![allow(dead_code, reason = "each example uses some of it")]

use leveret::Message;
use serde::{Deserialize, Serialize};

/// Asks the endpoint `greeter` to greet somebody.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "greeter")]
pub(crate) struct Greet {
    pub(crate) name: String,
}

/// Tells that somebody was greeted, whether anybody listens or not.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(event, topic = "greeter.greeted", mandatory = false)]
pub(crate) struct Greeted {
    pub(crate) name: String,
}

/// RabbitMQ with `LEVERET_URL=amqp://guest:guest@localhost`, else a broker in process.
pub(crate) fn url() -> String {
    std::env::var("LEVERET_URL").unwrap_or_else(|_| "memory://examples".to_owned())
}
