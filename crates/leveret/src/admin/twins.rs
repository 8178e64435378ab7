use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{DefaultHasher, Hash, Hasher},
};

use super::copies::Copies;
use crate::envelope::Received;

/// Finds the originals and the copies that a look-through left beside each other, because it was killed after the copy
/// was confirmed and before the original was acknowledged. Pure.
///
/// Only a message with an id has a twin: what differs in nothing else may well be two messages.
#[derive(Debug, Default)]
pub(super) struct Twins(HashMap<(String, u64), bool>);

impl Twins {
    /// Notes a message that is held. Whether another one that is held makes it superfluous.
    pub(super) fn has_twin(&mut self, received: &Received, copies: &Copies) -> bool {
        let renewed = copies.is_renewed(received);
        let Some(id) = received.facts(copies.names()).message_id() else { return false };
        match self.0.entry((id.into_owned(), fingerprint(received, copies))) {
            Entry::Vacant(place) => {
                place.insert(renewed);
                false
            }
            Entry::Occupied(mut other) => {
                let twin = renewed || *other.get();
                *other.get_mut() |= renewed;
                twin
            }
        }
    }
}

/// The same for an original and its copy.
fn fingerprint(received: &Received, copies: &Copies) -> u64 {
    let told = copies.told(received);
    let mut headers: Vec<_> = told.headers.iter().collect();
    headers.sort_by_key(|(name, _)| *name);
    let mut hasher = DefaultHasher::new();
    format!("{:?} {headers:?}", told.properties).hash(&mut hasher);
    told.body.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        envelope::{Envelope, Properties},
        headers::Headers,
    };

    fn message(id: &str, body: &str) -> Received {
        let headers = Headers::from_iter([("PikaBus.MessageId", id)]);
        Received::new(Envelope::new(Properties::default(), headers, body.to_owned()), "", "error", "error")
    }

    #[test]
    fn an_original_and_its_copy_are_one() {
        let (copies, mut twins) = (Copies::new("PikaBus."), Twins::default());
        let original = message("1", "a");
        let copy = Received::new(copies.renewed(&original), "", "error", "error");
        assert!(!twins.has_twin(&original, &copies));
        assert!(twins.has_twin(&copy, &copies));
        for other in [message("2", "a"), message("1", "b")] {
            let copy = Received::new(copies.renewed(&other), "", "error", "error");
            assert!(!twins.has_twin(&copy, &copies), "another id or body: {other:?}");
        }
    }

    #[test]
    fn two_that_nobody_copied_stay_two_and_so_do_those_without_an_id() {
        let (copies, mut twins) = (Copies::new("PikaBus."), Twins::default());
        let without_id = Received::new(copies.renewed(&message("", "a")), "", "error", "error");
        for received in [message("1", "a"), message("1", "a"), without_id.clone(), without_id] {
            assert!(!twins.has_twin(&received, &copies), "{received:?}");
        }
    }
}
