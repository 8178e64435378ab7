use crate::headers::Text;

/// AMQP's own fields of a message (`basic` class, AMQP 0-9-1 §1.8), as they are on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Properties {
    /// MIME type of the body.
    pub content_type: Option<Text>,
    /// Encoding of the body, such as `utf-8`.
    pub content_encoding: Option<Text>,
    /// Delivery mode 2: the broker writes the message to disk.
    pub persistent: bool,
    /// 0 to 255; what it means is up to the queue.
    pub priority: Option<u8>,
    /// What the message belongs to.
    pub correlation_id: Option<Text>,
    /// The queue that awaits replies.
    pub reply_to: Option<Text>,
    /// Milliseconds in decimal digits, after which the broker may drop the message.
    pub expiration: Option<Text>,
    /// The sender's id of the message.
    pub message_id: Option<Text>,
    /// Seconds since 1970-01-01 UTC.
    pub timestamp: Option<u64>,
    /// The name of the contract.
    pub kind: Option<Text>,
    /// The user that the broker checked; never forwarded, since the broker refuses a foreign one.
    pub user_id: Option<Text>,
    /// The sending application.
    pub app_id: Option<Text>,
}
