use crate::headers::Text;

/// What brokers add on redelivery and dead-lettering. Removed from every publish: what stays makes a broker see a
/// cycle and drop the message (broker experiments, finding 11).
pub(crate) const BROKER_HEADERS: [&str; 9] = [
    "x-death",
    "x-delivery-count",
    "x-acquired-count",
    "x-first-death-exchange",
    "x-first-death-queue",
    "x-first-death-reason",
    "x-last-death-exchange",
    "x-last-death-queue",
    "x-last-death-reason",
];

macro_rules! names {
    ($($(#[$doc:meta])* $field:ident = $suffix:literal,)*) => {
        /// The names of all headers of ours, with the prefix of the fleet (design §2).
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct Names {
            $($(#[$doc])* pub $field: Text,)*
        }

        impl Names {
            /// The names under `prefix`, which PikaBus calls `PikaBus.`.
            pub fn with_prefix(prefix: &str) -> Self {
                if prefix == Self::DEFAULT_PREFIX {
                    return Self::default();
                }
                Self { $($field: format!("{prefix}{}", $suffix).into(),)* }
            }

            /// All of them.
            pub(crate) fn all(&self) -> impl Iterator<Item = &Text> {
                [$(&self.$field,)*].into_iter()
            }
        }

        /// With PikaBus' prefix: literals, which no thread has to count.
        impl Default for Names {
            fn default() -> Self {
                Self { $($field: Text::literal(concat!("PikaBus.", $suffix)),)* }
            }
        }
    };
}
names! {
    /// The id of the message.
    message_id = "MessageId",
    /// What the message belongs to.
    correlation_id = "CorrelationId",
    /// The queue that awaits replies.
    reply_to_address = "ReplyToAddress",
    /// The queue of the endpoint that sent the message.
    originating_address = "OriginatingAddress",
    /// MIME type of the body.
    content_type = "ContentType",
    /// Encoding of the body.
    content_encoding = "ContentEncoding",
    /// The name of the contract.
    message_type = "MessageType",
    /// `command` or `event`.
    intent = "Intent",
    /// When the message was sent.
    time_sent = "TimeSent",
    /// Before when the message must not be handled.
    deferred_time = "DeferredTime",
    /// How often the message has failed.
    error_retries = "ErrorRetries",
    /// Why the message failed.
    error_details = "ErrorDetails",
    /// Where the message failed.
    source_queue = "SourceQueue",
    /// The id of the command that a reply answers.
    in_reply_to = "InReplyTo",
    /// What CorrelationId was before a request.
    conversation_id = "ConversationId",
    /// The key by which an event first arrived.
    topic = "Topic",
    /// After when the message must not be handled any more.
    expires_at = "ExpiresAt",
    /// The Rust type of the error.
    error_type = "ErrorType",
    /// When the message failed for good.
    time_of_failure = "TimeOfFailure",
    /// How often a plain queue has taken the message back.
    redeliveries = "Redeliveries",
}

impl Names {
    /// PikaBus' prefix, the default.
    pub const DEFAULT_PREFIX: &'static str = "PikaBus.";

    /// What `redeliveries` ends with, whatever the prefix: for transports, which do not know it.
    pub(crate) const REDELIVERIES: &'static str = "Redeliveries";
}
