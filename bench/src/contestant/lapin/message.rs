use std::collections::BTreeMap;

use lapin::{
    BasicProperties,
    types::{AMQPValue, FieldTable, ShortString},
};

use crate::contestant::stamp::{CONTENT_ENCODING, CONTENT_TYPE, Stamp};

/// To disk.
const PERSISTENT: u8 = 2;

pub(super) fn properties(stamp: Stamp<'_>) -> BasicProperties {
    let headers: BTreeMap<ShortString, AMQPValue> = stamp
        .headers()
        .into_iter()
        .map(|(name, value)| (name.into(), AMQPValue::LongString(value.into())))
        .collect();
    BasicProperties::default()
        .with_content_type(CONTENT_TYPE.into())
        .with_content_encoding(CONTENT_ENCODING.into())
        .with_headers(FieldTable::from(headers))
        .with_delivery_mode(PERSISTENT)
        .with_reply_to(stamp.reply_to.into())
        .with_timestamp(stamp.timestamp)
        .with_type(stamp.message_type.into())
        .with_correlation_id(stamp.correlation_id.into())
        .with_message_id(stamp.message_id.into())
}
