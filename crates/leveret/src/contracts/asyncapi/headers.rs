use serde_json::{Value, json};

use crate::{envelope::Names, message::MessageKind};

/// The headers of a kind of message, as the wire demands them (design §2): those that every message has are required,
/// the others stand only where they say something.
pub(super) fn headers(kind: MessageKind, names: &Names) -> Value {
    let intent = if kind == MessageKind::Event { "event" } else { "command" };
    let required = [
        (&names.message_id, text("Unique; the same on every copy.")),
        (&names.correlation_id, text("What belongs to one conversation; of a request its message id.")),
        (&names.content_type, json!({ "const": "application/json" })),
        (&names.content_encoding, json!({ "const": "utf-8" })),
        (&names.message_type, json!({ "type": "string" })),
        (&names.intent, json!({ "const": intent })),
        (&names.time_sent, time("When it was sent.")),
    ];
    let by_kind = match kind {
        MessageKind::Event => (&names.topic, text("The topic, on copies: their routing key is a queue.")),
        MessageKind::Reply => (&names.in_reply_to, text("The message id of the command.")),
        _ => (&names.reply_to_address, text("The queue for the reply.")),
    };
    let optional = [
        (&names.originating_address, text("The queue of the sender.")),
        (&names.conversation_id, text("What the correlation id was before a request.")),
        (&names.expires_at, time("When it is of no use any more.")),
        (&names.deferred_time, time("When it is due.")),
        (&names.error_retries, json!({ "type": "integer", "description": "How often it has failed." })),
        by_kind,
    ];
    let demanded: Vec<&str> = required.iter().map(|(name, _)| &***name).collect();
    let known = required.iter().chain(&optional).map(|(name, schema)| (name.to_string(), schema.clone()));
    let bare = ["traceparent", "tracestate"].map(|name| (name.to_owned(), text("W3C Trace Context.")));
    json!({ "type": "object", "required": demanded, "properties": known.chain(bare).collect::<Value>() })
}

/// The header that names the contract, by any of these names.
pub(super) fn message_type(types: &[&str], names: &Names) -> Value {
    let header = names.message_type.to_string();
    json!({ "type": "object", "properties": { header: { "enum": types } } })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn time(description: &str) -> Value {
    json!({ "type": "string", "format": "date-time", "description": description })
}
