use crate::headers::Headers;

/// How an exchange routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExchangeKind {
    /// To the queues bound with exactly the routing key.
    Direct,
    /// To the queues bound with a pattern that [matches](super::matches) the routing key.
    Topic,
    /// To every bound queue.
    Fanout,
}

impl ExchangeKind {
    /// AMQP's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Topic => "topic",
            Self::Fanout => "fanout",
        }
    }
}

/// A durable exchange.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Exchange {
    /// Its name.
    pub name: String,
    /// How it routes.
    pub kind: ExchangeKind,
}

impl Exchange {
    /// A durable exchange without arguments.
    pub fn new(name: impl Into<String>, kind: ExchangeKind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// A durable queue.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// What it is declared with, such as `x-queue-type`.
    pub arguments: Headers,
    /// Whether a queue that exists with other arguments is taken as it is.
    pub adopt: bool,
}

impl Queue {
    /// A durable queue with these arguments.
    pub fn new(name: impl Into<String>, arguments: Headers) -> Self {
        Self { name: name.into(), arguments, adopt: false }
    }
}

/// A queue that gets what an exchange routes by a key.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Binding {
    /// Where messages come from.
    pub exchange: String,
    /// Where they go to.
    pub queue: String,
    /// The key, or the pattern of a topic exchange.
    pub key: String,
    /// What it is bound with.
    pub arguments: Headers,
}

impl Binding {
    /// A binding without arguments.
    pub fn new(exchange: impl Into<String>, queue: impl Into<String>, key: impl Into<String>) -> Self {
        Self { exchange: exchange.into(), queue: queue.into(), key: key.into(), arguments: Headers::new() }
    }
}

/// What to declare, in this order: exchanges, queues, bindings.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Topology {
    /// The exchanges.
    pub exchanges: Vec<Exchange>,
    /// The queues.
    pub queues: Vec<Queue>,
    /// The bindings.
    pub bindings: Vec<Binding>,
    /// Only check that exchanges and queues are there, and declare and bind nothing: for services without the
    /// permission to configure.
    pub check_only: bool,
}

impl Topology {
    /// Takes over what `other` declares beyond this. What both name stays as `other` has it.
    pub(crate) fn merge(&mut self, other: &Self) {
        for exchange in &other.exchanges {
            self.exchanges.retain(|mine| mine.name != exchange.name);
            self.exchanges.push(exchange.clone());
        }
        for queue in &other.queues {
            self.queues.retain(|mine| mine.name != queue.name);
            self.queues.push(queue.clone());
        }
        for binding in &other.bindings {
            self.bind(binding);
        }
        self.check_only |= other.check_only;
    }

    /// Remembers a binding, once.
    pub(crate) fn bind(&mut self, binding: &Binding) {
        if !self.bindings.contains(binding) {
            self.bindings.push(binding.clone());
        }
    }

    /// Forgets a binding.
    pub(crate) fn unbind(&mut self, binding: &Binding) {
        self.bindings.retain(|mine| mine != binding);
    }

    /// Forgets a queue and what is bound to it.
    pub(crate) fn forget_queue(&mut self, name: &str) {
        self.queues.retain(|queue| queue.name != name);
        self.bindings.retain(|binding| binding.queue != name);
    }
}
