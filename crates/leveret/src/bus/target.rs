use std::fmt;

use super::{StartError, StartErrorKind};
use crate::{amqp::AmqpOptions, memory::MemoryBroker};

/// Where a bus connects to.
#[non_exhaustive]
pub enum Target {
    /// An `amqp://`, `amqps://` or `memory://name` URL.
    Url(String),
    /// A broker in process, shared by several buses.
    Memory(MemoryBroker),
}

/// A target whose URL is understood.
#[derive(Debug)]
pub(super) enum Parsed {
    Amqp(Box<AmqpOptions>),
    Memory(MemoryBroker),
}

impl Target {
    pub(super) fn parse(self) -> Result<Parsed, StartError> {
        let url = match self {
            Self::Memory(broker) => return Ok(Parsed::Memory(broker)),
            Self::Url(url) => url,
        };
        match url.split_once("://") {
            Some(("memory", name)) => Ok(Parsed::Memory(MemoryBroker::named(name))),
            Some(("amqp" | "amqps", _)) => {
                let options = AmqpOptions::from_url(&url);
                options
                    .map(|options| Parsed::Amqp(Box::new(options)))
                    .map_err(|error| error.map(StartErrorKind::Broker))
            }
            // Not the rest of it, which may hold a password.
            Some((scheme, _)) => Err(StartErrorKind::UnknownScheme { scheme: format!("{scheme}://") }.into()),
            None => Err(StartErrorKind::UnknownScheme { scheme: "a text without ://".to_owned() }.into()),
        }
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => {
                write!(f, "Url({}://..)", url.split_once("://").map_or("", |(scheme, _)| scheme))
            }
            Self::Memory(broker) => f.debug_tuple("Memory").field(broker).finish(),
        }
    }
}

impl From<&str> for Target {
    fn from(url: &str) -> Self {
        Self::Url(url.to_owned())
    }
}

impl From<String> for Target {
    fn from(url: String) -> Self {
        Self::Url(url)
    }
}

impl From<&String> for Target {
    fn from(url: &String) -> Self {
        Self::Url(url.clone())
    }
}

impl From<MemoryBroker> for Target {
    fn from(broker: MemoryBroker) -> Self {
        Self::Memory(broker)
    }
}

impl From<&MemoryBroker> for Target {
    fn from(broker: &MemoryBroker) -> Self {
        Self::Memory(broker.clone())
    }
}
