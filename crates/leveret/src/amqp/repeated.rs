use std::sync::LazyLock;

use crate::{
    codec::json,
    envelope::{Intent, Names},
    headers::Text,
};

/// What nearly every message says. They are literals, which nobody has to count: text that is shared is counted, and the
/// threads that take deliveries and those that handle them would take the counter from each other again and again.
static KNOWN: LazyLock<Vec<Text>> = LazyLock::new(|| {
    let names = Names::default();
    let (command, event) = (Intent::Command.as_str(), Intent::Event.as_str());
    let values = [json::CONTENT_TYPE, json::CONTENT_ENCODING, command, event].map(Text::literal);
    let mut known = vec![Text::default(); PLACES];
    for text in names.all().cloned().chain(values) {
        if let Some(place) = known.get_mut(hash(&text) % PLACES) {
            *place = text; // of two at one place the other is remembered like any text
        }
    }
    known
});
const PLACES: usize = 512;

/// How many pairs of texts are remembered.
const PAIRS: usize = 128;
/// What is longer is hardly said twice, in bytes.
const LONGEST: usize = 64;

/// What the deliveries of one consumer have said of late: names of headers, types and queues are the same again and again,
/// and each id stands in several places.
#[derive(Debug)]
pub(super) struct Repeated {
    /// The latest of each pair first.
    said: Box<[[Text; 2]]>,
}

impl Default for Repeated {
    fn default() -> Self {
        Self { said: vec![Default::default(); PAIRS].into() }
    }
}

impl Repeated {
    /// The text of a delivery, shared with the deliveries before it and with what else this one says.
    pub(super) fn share(&mut self, text: &str) -> Text {
        if text.len() > LONGEST {
            return text.into();
        }
        let hash = hash(text);
        if let Some(known) = KNOWN.get(hash % PLACES).filter(|known| **known == *text) {
            return known.clone();
        }
        match self.said.get_mut(hash % PAIRS) {
            Some([latest, _]) if *latest == *text => latest.clone(),
            // Two that are said again and again may have the same place, and ids come and go.
            Some([latest, earlier]) => {
                std::mem::swap(latest, earlier);
                if *latest != *text {
                    *latest = text.into();
                }
                latest.clone()
            }
            None => text.into(),
        }
    }
}

/// By the length and both ends, which tell names of headers and ids apart: reading all of each text costs more than it saves.
fn hash(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ends = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(29) ^ u64::from_le_bytes(*last),
        _ => bytes.iter().fold(0, |ends, byte| ends << 8 | u64::from(*byte)),
    };
    let hash = (ends ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15); // Fibonacci hashing
    (hash >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_is_shared() {
        let mut repeated = Repeated::default();
        let mut is_shared =
            |text: &str| std::ptr::eq(repeated.share(text).as_str(), repeated.share(text).as_str());
        assert!(is_shared("PikaBus.MessageType") && is_shared("shop.OrderPlaced"));
        assert!(!is_shared(&"x".repeat(LONGEST + 1)));
        for n in 0..10 * PAIRS {
            assert_eq!(repeated.share(&n.to_string()), n.to_string(), "whatever was at its place");
        }
    }

    #[test]
    fn two_at_one_place_are_both_shared() {
        let twin = (0..)
            .map(|n: u32| format!("shop.{n}"))
            .find(|text| hash(text) % PAIRS == hash("shop.OrderPlaced") % PAIRS);
        let (one, other) = ("shop.OrderPlaced", twin.unwrap());
        let mut repeated = Repeated::default();
        let first = [repeated.share(one), repeated.share(&other)];
        for _ in 0..3 {
            assert!(std::ptr::eq(repeated.share(one).as_str(), first[0].as_str()));
            assert!(std::ptr::eq(repeated.share(&other).as_str(), first[1].as_str()));
        }
    }
}
