use std::cell::RefCell;

use crate::headers::Text;

/// How many texts are remembered.
const SLOTS: usize = 256;
/// What is longer is hardly said twice, in bytes.
const LONGEST: usize = 64;

thread_local! {
    /// What the deliveries of this thread have said of late. A text has one slot, and the last one to come keeps it.
    static SAID: RefCell<[Text; SLOTS]> = const { RefCell::new([const { Text::literal("") }; SLOTS]) };
}

/// The text of a delivery, shared with the deliveries before it and with what else this one says: names of headers,
/// types and queues are the same again and again, and each id stands in several places.
pub(super) fn repeated(text: &str) -> Text {
    if text.len() > LONGEST {
        return text.into();
    }
    SAID.with_borrow_mut(|said| match said.get_mut(slot(text)) {
        Some(known) if *known == *text => known.clone(),
        Some(other) => {
            *other = text.into();
            other.clone()
        }
        None => text.into(),
    })
}

/// By the length and both ends, which tell names of headers and ids apart: reading all of each text costs more than it saves.
fn slot(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(29) ^ u64::from_le_bytes(*last),
        _ => bytes.iter().fold(0, |ends, byte| ends << 8 | u64::from(*byte)),
    };
    let hash = (ends ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15); // Fibonacci hashing
    (hash >> 32) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_is_shared() {
        let is_shared = |text: &str| std::ptr::eq(repeated(text).as_str(), repeated(text).as_str());
        assert!(is_shared("PikaBus.MessageType") && is_shared("shop.OrderPlaced"));
        assert!(!is_shared(&"x".repeat(LONGEST + 1)));
        for n in 0..10 * SLOTS {
            assert_eq!(repeated(&n.to_string()), n.to_string(), "whatever was in its slot");
        }
    }
}
