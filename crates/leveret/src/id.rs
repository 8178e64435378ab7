//! Ids of messages.

use uuid::Uuid;

/// A fresh message id: a UUID v7 in its usual text form, so that ids sort by the time they were made.
///
/// Ids that arrive are opaque strings: other senders may write what they like (design §2).
pub(crate) fn fresh<T: for<'a> From<&'a str>>() -> T {
    let mut buffer = Uuid::encode_buffer();
    T::from(Uuid::now_v7().hyphenated().encode_lower(&mut buffer))
}
