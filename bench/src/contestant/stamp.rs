use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};
use uuid::Uuid;

use super::Verb;
use crate::contracts::{ORDER_PLACED, ORDERS};

const ISO: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+00:00");

pub(super) const CONTENT_TYPE: &str = "application/json";
pub(super) const CONTENT_ENCODING: &str = "utf-8";
/// The exchange of commands and replies.
pub(super) const DIRECT: &str = "PikaBusDirect";
/// The exchange of events.
pub(super) const TOPIC: &str = "PikaBusTopic";

/// Where replies to requests by hand come to.
pub(super) const REPLIES: &str = "bench.shop.replies";
/// How long that queue lasts without a consumer, in milliseconds.
pub(super) const REPLIES_EXPIRE: i64 = 24 * 60 * 60 * 1_000;

/// Where a message goes, and as what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Route<'a> {
    pub(super) exchange: &'static str,
    pub(super) key: &'a str,
    pub(super) message_type: &'static str,
    pub(super) intent: &'static str,
}

impl<'a> Route<'a> {
    /// A command or a reply.
    pub(super) const fn command(queue: &'a str, message_type: &'static str) -> Self {
        Self { exchange: DIRECT, key: queue, message_type, intent: "command" }
    }
}

impl From<Verb> for Route<'static> {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Send => Self::command(ORDERS, "PlaceOrder"),
            Verb::Publish => {
                Self { exchange: TOPIC, key: ORDER_PLACED, message_type: "OrderPlaced", intent: "event" }
            }
        }
    }
}

/// What Leveret writes on a message, made by hand.
#[derive(Debug)]
pub(super) struct Stamp<'a> {
    pub(super) message_id: String,
    pub(super) correlation_id: String,
    pub(super) reply_to: &'a str,
    pub(super) message_type: &'static str,
    from: &'a str,
    intent: &'static str,
    time_sent: String,
    /// Seconds since 1970.
    pub(super) timestamp: u64,
}

impl<'a> Stamp<'a> {
    /// A message of its own, from the endpoint with this queue.
    pub(super) fn new(route: Route<'_>, from: &'a str) -> Self {
        let now = OffsetDateTime::now_utc();
        let message_id = Uuid::now_v7().to_string();
        Self {
            correlation_id: message_id.clone(),
            message_id,
            reply_to: from,
            from,
            message_type: route.message_type,
            intent: route.intent,
            time_sent: now.format(ISO).unwrap_or_default(),
            timestamp: now.unix_timestamp().try_into().unwrap_or_default(),
        }
    }

    /// Answers go to this queue.
    pub(super) fn answered_at(self, queue: &'a str) -> Self {
        Self { reply_to: queue, ..self }
    }

    /// A reply to the message with this id.
    pub(super) fn replying(self, correlation_id: String) -> Self {
        Self { correlation_id, ..self }
    }

    /// The nine standard headers.
    pub(super) fn headers(&self) -> [(&'static str, &str); 9] {
        [
            ("PikaBus.MessageId", &self.message_id),
            ("PikaBus.CorrelationId", &self.correlation_id),
            ("PikaBus.ReplyToAddress", self.reply_to),
            ("PikaBus.OriginatingAddress", self.from),
            ("PikaBus.ContentType", CONTENT_TYPE),
            ("PikaBus.ContentEncoding", CONTENT_ENCODING),
            ("PikaBus.MessageType", self.message_type),
            ("PikaBus.Intent", self.intent),
            ("PikaBus.TimeSent", &self.time_sent),
        ]
    }
}
