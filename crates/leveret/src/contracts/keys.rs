use std::collections::{BTreeMap, BTreeSet};

/// Names as keys: each name has one of its own, made of the letters that are taken.
#[derive(Debug, Default)]
pub(super) struct Keys(BTreeMap<String, String>);

impl Keys {
    /// A key for each name, in whatever order they come. A name that is a key already keeps it.
    pub(super) fn new<N: Into<String>>(names: impl IntoIterator<Item = N>, takes: fn(char) -> bool) -> Self {
        let names: BTreeSet<String> = names.into_iter().map(Into::into).collect();
        let (kept, changed): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| key(name, takes) == *name);
        let (mut taken, mut keys) = (BTreeSet::new(), BTreeMap::new());
        for name in kept.into_iter().chain(changed) {
            let wanted = key(&name, takes);
            let mut free = wanted.clone();
            let mut number = 2;
            while !taken.insert(free.clone()) {
                free = format!("{wanted}_{number}");
                number += 1;
            }
            keys.insert(name, free);
        }
        Self(keys)
    }

    /// The key of one of the names.
    pub(super) fn of(&self, name: &str) -> String {
        self.0.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }
}

/// `*` is `any` and `#` is `all`, so that patterns can be told apart; whatever else is not taken is `_`.
fn key(name: &str, takes: fn(char) -> bool) -> String {
    let mut key = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            letter if takes(letter) => key.push(letter),
            '*' => key.push_str("any"),
            '#' => key.push_str("all"),
            _ => key.push('_'),
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_a_key_of_its_own() {
        let takes = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '_';
        let names = ["orders.*", "orders.#", "orders.any", "a/b", "a b", "a_b", "ä", ""];
        let keys = Keys::new(names, takes);
        for (name, expected) in [
            ("orders.*", "orders.any_2"),
            ("orders.#", "orders.all"),
            ("orders.any", "orders.any"),
            ("a_b", "a_b"),
            ("a b", "a_b_2"),
            ("a/b", "a_b_3"),
            ("ä", "_"),
            ("", ""),
        ] {
            assert_eq!(keys.of(name), expected, "{name}");
        }
        let reversed = Keys::new(names.into_iter().rev(), takes);
        assert!(names.iter().all(|name| reversed.of(name) == keys.of(name)), "the order does not matter");
    }
}
