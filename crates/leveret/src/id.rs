//! Ids of messages.

use std::{
    sync::{Mutex, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use uuid::Uuid;

/// The id that this process made last.
static LAST: Mutex<Uuid> = Mutex::new(Uuid::nil());

/// A fresh message id: a UUID v7 in its usual text form, so that ids sort by the time they were made.
///
/// Ids that arrive are opaque strings: other senders may write what they like (design §2).
pub(crate) fn fresh<T: for<'a> From<&'a str>>() -> T {
    let mut buffer = Uuid::encode_buffer();
    T::from(next().hyphenated().encode_lower(&mut buffer))
}

/// The first id of a millisecond is random, and those that follow count on from there (RFC 9562, 6.2): to ask the system
/// for randomness takes longer than all else of an id.
fn next() -> Uuid {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let following = last.as_u128().wrapping_add(1);
    // Only the last 32 bits count: those before them keep the ids of this process in order, whatever its clock does.
    let is_counted = following >> MILLISECONDS == now && following & COUNTED != 0;
    *last = if is_counted { Uuid::from_u128(following) } else { Uuid::now_v7() };
    *last
}

/// Where the milliseconds since 1970 stand in a UUID v7.
const MILLISECONDS: u32 = 80;
/// The last bits, all of them random.
const COUNTED: u128 = 0xFFFF_FFFF;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_ordered_and_of_version_7() {
        let ids: Vec<_> = (0..10_000).map(|_| next()).collect();
        assert!(ids.is_sorted_by(|before, after| before < after));
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
        assert_eq!(fresh::<String>().len(), 36);
    }
}
