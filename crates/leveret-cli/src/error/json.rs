use leveret::admin::{Ending, Failed, Listing};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A listing for programs.
pub(super) fn listing(listing: &Listing) -> String {
    let now = OffsetDateTime::now_utc();
    let messages: Vec<Value> = listing.messages.iter().map(|failed| message(failed, now)).collect();
    let listing = json!({
        "messages": messages,
        "count": listing.count,
        "looked_at": listing.looked_at,
        "complete": listing.ending == Ending::Complete,
    });
    format!("{listing:#}")
}

fn message(failed: &Failed, now: OffsetDateTime) -> Value {
    json!({
        "id": failed.id,
        "type": failed.message_type,
        "source": failed.source,
        "error": failed.error,
        "error_type": failed.error_type,
        "attempts": failed.attempts,
        "failed_at": failed.failed_at.and_then(|at| at.format(&Rfc3339).ok()),
        "age_seconds": failed.failed_at.map(|at| (now - at).whole_seconds()),
        "body_bytes": failed.body_bytes,
    })
}
