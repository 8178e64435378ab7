use crate::message::{Contract, Message, MessageKind};

/// One line of an endpoint's routing table: which handler takes which message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Route {
    /// The name of the handler's method.
    pub handler: &'static str,
    /// What kind of message it takes.
    pub kind: MessageKind,
    /// The name of the contract on the wire; `*` for whatever arrives.
    pub message: &'static str,
    /// The names on the wire that it is read under besides.
    pub also: &'static [&'static str],
    /// The endpoint of a command, the topic of an event, as the contract says it.
    pub address: &'static str,
    /// The pattern that it subscribes to: of an event its own topic, unless another is given.
    pub topic: Option<&'static str>,
    /// The name of the reply that the contract promises.
    pub reply: Option<&'static str>,
    /// Whether it takes commands and replies that name no contract, as Python senders write them.
    pub untyped: bool,
}

impl Route {
    /// `handler` takes `M`, an event on its own topic.
    pub const fn of<M: Message>(handler: &'static str) -> Self {
        Self::new(handler, M::CONTRACT)
    }

    /// `handler` takes what `contract` says.
    pub const fn new(handler: &'static str, contract: Contract) -> Self {
        let topic = match contract.kind {
            MessageKind::Event => Some(contract.address),
            _ => None,
        };
        Self {
            handler,
            kind: contract.kind,
            message: contract.name,
            also: contract.also,
            address: contract.address,
            topic,
            reply: contract.reply,
            untyped: false,
        }
    }

    /// Subscribes to `pattern` instead.
    #[must_use]
    pub const fn topic(mut self, pattern: &'static str) -> Self {
        self.topic = Some(pattern);
        self
    }

    /// Takes commands and replies that name no contract as well.
    #[must_use]
    pub const fn untyped(mut self) -> Self {
        self.untyped = true;
        self
    }

    /// Handlers of everything differ by their topic; all others by their message alone.
    pub(crate) fn topic_of_any(&self) -> Option<&'static str> {
        self.topic.filter(|_| self.kind == MessageKind::Any)
    }
}
