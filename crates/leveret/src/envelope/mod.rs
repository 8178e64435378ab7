//! A message as it travels: its body, its AMQP properties and its headers (design §2).

mod any;
mod facts;
mod intent;
mod kept;
mod names;
mod properties;
mod received;
mod stamp;
mod timestamp;

pub use self::any::AnyMessage;
pub use self::facts::{Facts, Malformed};
pub use self::intent::Intent;
pub use self::kept::KeptEnvelope;
pub(crate) use self::names::BROKER_HEADERS;
pub use self::names::Names;
pub use self::properties::Properties;
pub(crate) use self::received::DELAY_PREFIX;
pub use self::received::Received;
pub(crate) use self::stamp::Stamp;
pub use self::timestamp::TimeFormat;
pub(crate) use self::timestamp::{from_now, now, parse as parse_time};

use bytes::Bytes;

use crate::headers::Headers;

/// One message: what is written to the broker, and what comes from it.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Envelope {
    /// AMQP's own fields.
    pub properties: Properties,
    /// The header table.
    pub headers: Headers,
    /// The encoded contract.
    pub body: Bytes,
}

impl Envelope {
    /// An envelope with these parts.
    pub fn new(properties: Properties, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self { properties, headers, body: body.into() }
    }

    /// The same message without what only one delivery of it had: what brokers wrote into it, who sent it, when it would
    /// have expired (design §4: what failed must not vanish).
    pub(crate) fn travelling_on(&self) -> Self {
        let mut copy = self.clone();
        copy.headers.retain(|name, _| !BROKER_HEADERS.contains(&name));
        copy.properties.expiration = None;
        copy.properties.user_id = None;
        copy.properties.persistent = true;
        copy
    }
}
