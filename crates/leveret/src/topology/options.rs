use crate::headers::{Headers, Value};

/// How a queue is declared.
///
/// The arguments of a queue cannot be changed once it exists, so the defaults are part of the wire (design §4).
#[derive(Debug, Clone, PartialEq)]
pub struct QueueOptions {
    form: Form,
    extra: Headers,
    adopt: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Quorum { delivery_limit: Option<i64> },
    Plain,
}

/// How often a quorum queue returns a message before it moves it to the error queue.
const ENDPOINT_DELIVERY_LIMIT: i64 = 20;
/// RabbitMQ 4 drops what was returned 20 times; an error queue that people look through must not. -1 means 0 on 3.10.
const ERROR_DELIVERY_LIMIT: i64 = 1_000_000;

impl QueueOptions {
    /// A replicated queue, RabbitMQ's own recommendation: the default of endpoints.
    ///
    /// An endpoint's quorum queue returns a message 20 times at most, and dead-letters at-least-once into the error
    /// queue: so a message that kills its process again and again ends there.
    pub fn quorum() -> Self {
        Self { form: Form::Quorum { delivery_limit: None }, extra: Headers::new(), adopt: false }
    }

    /// A queue without any arguments, as PikaBus declares it: for a queue shared with a PikaBus service.
    ///
    /// It has no protection of its own against a message that kills its process again and again, so the bus counts in
    /// copies what the broker gives out again, and moves it to the error queue the twentieth time.
    pub fn plain() -> Self {
        Self { form: Form::Plain, extra: Headers::new(), adopt: false }
    }

    /// How often a quorum queue returns a message before it gives up on it.
    #[must_use]
    pub fn delivery_limit(mut self, returns: u32) -> Self {
        if let Form::Quorum { delivery_limit } = &mut self.form {
            *delivery_limit = Some(returns.into());
        }
        self
    }

    /// Adds an argument, or replaces one of ours.
    #[must_use]
    pub fn argument(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name, value);
        self
    }

    /// Takes a queue that exists with other arguments as it is, with a warning instead of an error.
    #[must_use]
    pub fn adopt(mut self) -> Self {
        self.adopt = true;
        self
    }

    pub(super) fn adopts(&self) -> bool {
        self.adopt
    }

    /// The arguments of an endpoint's queue, which dead-letters into `error_queue` through the default exchange.
    pub(super) fn endpoint_arguments(&self, error_queue: &str) -> Headers {
        let mut arguments = self.form_arguments(ENDPOINT_DELIVERY_LIMIT);
        if let Form::Quorum { .. } = self.form {
            arguments.insert("x-dead-letter-exchange", "");
            arguments.insert("x-dead-letter-routing-key", error_queue);
            arguments.insert("x-dead-letter-strategy", "at-least-once");
            arguments.insert("x-overflow", "reject-publish");
        }
        self.with_extra(arguments)
    }

    /// The arguments of an error queue, which dead-letters nowhere.
    pub(super) fn error_arguments(&self) -> Headers {
        self.with_extra(self.form_arguments(ERROR_DELIVERY_LIMIT))
    }

    fn form_arguments(&self, default_limit: i64) -> Headers {
        let mut arguments = Headers::new();
        if let Form::Quorum { delivery_limit } = self.form {
            arguments.insert("x-queue-type", "quorum");
            arguments.insert("x-delivery-limit", delivery_limit.unwrap_or(default_limit));
        }
        arguments
    }

    fn with_extra(&self, mut arguments: Headers) -> Headers {
        for (name, value) in self.extra.iter() {
            arguments.insert(name, value.clone());
        }
        arguments
    }
}
