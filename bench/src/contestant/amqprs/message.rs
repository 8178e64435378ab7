use amqprs::{BasicProperties, DELIVERY_MODE_PERSISTENT, FieldTable};

use crate::{
    contestant::stamp::{CONTENT_ENCODING, CONTENT_TYPE, Stamp},
    outcome::Outcome,
};

/// With all arguments: amqprs' builder clones the whole header table at its end.
pub(super) fn properties(stamp: Stamp<'_>) -> Outcome<BasicProperties> {
    let mut headers = FieldTable::new();
    for (name, value) in stamp.headers() {
        headers.insert(name.try_into()?, value.into());
    }
    Ok(BasicProperties::new(
        Some(CONTENT_TYPE.to_owned()),
        Some(CONTENT_ENCODING.to_owned()),
        Some(headers),
        Some(DELIVERY_MODE_PERSISTENT),
        None,
        Some(stamp.correlation_id),
        Some(stamp.reply_to.to_owned()),
        None,
        Some(stamp.message_id),
        Some(stamp.timestamp),
        Some(stamp.message_type.to_owned()),
        None,
        None,
        None,
    ))
}
