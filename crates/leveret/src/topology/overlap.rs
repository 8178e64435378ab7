use super::matching::fits;

/// Whether some topic matches both patterns, so that a message on it could go either way.
///
/// It is `const`, so that the patterns of two handlers are compared by the compiler.
///
/// ```
/// use leveret::topology::overlap;
///
/// assert!(overlap("orders.*", "orders.#"));
/// assert!(overlap("orders.*", "*.placed"));
/// assert!(!overlap("orders.*", "orders.*.late"));
/// ```
pub const fn overlap(a: &str, b: &str) -> bool {
    match (has_any_number(a), has_any_number(b)) {
        // One `#` takes what stands between the ends of the other pattern, so only the ends can differ.
        (true, true) => {
            agree(a.as_bytes(), b.as_bytes(), Side::Start) && agree(a.as_bytes(), b.as_bytes(), Side::End)
        }
        (_, false) => fits(a, b, true),
        (false, true) => fits(b, a, true),
    }
}

/// Where the words of a pattern are read from.
#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}

/// Whether the words up to the next `#` of either can be the same. Both have one.
const fn agree(mut a: &[u8], mut b: &[u8], from: Side) -> bool {
    loop {
        let ((word_a, rest_a), (word_b, rest_b)) = (from.word(a), from.word(b));
        if matches!(word_a, b"#") || matches!(word_b, b"#") {
            return true;
        }
        if !matches!(word_a, b"*") && !matches!(word_b, b"*") && !same(word_a, word_b) {
            return false;
        }
        match (rest_a, rest_b) {
            (Some(rest_a), Some(rest_b)) => (a, b) = (rest_a, rest_b),
            _ => return true,
        }
    }
}

const fn has_any_number(pattern: &str) -> bool {
    let mut rest = Some(pattern.as_bytes());
    while let Some(words) = rest {
        let (word, behind) = Side::Start.word(words);
        if matches!(word, b"#") {
            return true;
        }
        rest = behind;
    }
    false
}

impl Side {
    /// The word on this side, and the others.
    const fn word(self, words: &[u8]) -> (&[u8], Option<&[u8]>) {
        let mut at = 0;
        while at < words.len() {
            let (before, behind) = words.split_at(match self {
                Self::Start => at,
                Self::End => words.len() - at,
            });
            match (self, behind.split_first(), before.split_last()) {
                (Self::Start, Some((b'.', rest)), _) => return (before, Some(rest)),
                (Self::End, _, Some((b'.', rest))) => return (behind, Some(rest)),
                _ => at += 1,
            }
        }
        (words, None)
    }
}

/// `a == b`, which is not yet `const`.
///
/// The compiler compares the names of every two handlers of an endpoint, anew after most edits, and pays for each call
/// and each byte: so there is no call in it, and it begins at the end, since names have beginnings in common.
pub(crate) const fn same(mut a: &[u8], mut b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    while let ([rest_a @ .., left], [rest_b @ .., right]) = (a, b) {
        if *left != *right {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topology::matches;

    #[test]
    fn patterns_with_a_topic_in_common() {
        let cases = [
            ("orders.placed", "orders.placed", true),
            ("orders.placed", "orders.late", false),
            ("orders.*", "orders.#", true),
            ("orders.*", "*.placed", true),
            ("orders.*", "orders.*.late", false),
            ("orders.*", "audit.#", false),
            ("orders.#", "#.placed", true),
            ("orders.#.late", "orders.#.early", false),
            ("a.#.b", "a.b", true),
            ("a.#.b", "a", false),
            ("a.b.#", "a.#.c.d", true),
            ("a.b.#", "b.#", false),
            ("#", "#", true),
            ("#", "orders", true),
            ("#.#", "*.*", true),
            ("a.#.a.#.b", "a.*.b", true),
            ("a.#.a.#.b", "a.*", false),
            ("order", "orders", false),
        ];
        for (a, b, expected) in cases {
            assert_eq!(overlap(a, b), expected, "{a} and {b}");
            assert_eq!(overlap(b, a), expected, "{b} and {a}");
        }
        const { assert!(overlap("a.#", "*.b")) }
    }

    /// Every topic of up to `words` words: two words are enough, since all words but those of a pattern are alike.
    fn topics(words: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut longest = all.clone();
        for _ in 0..words {
            let longer = |topic: &String, word| {
                if topic.is_empty() { String::from(word) } else { format!("{topic}.{word}") }
            };
            longest = longest.iter().flat_map(|topic| ["a", "b"].map(|word| longer(topic, word))).collect();
            all.extend_from_slice(&longest);
        }
        all
    }

    fn pattern() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(vec!["a", "b", "*", "#"]), 1..5)
            .prop_map(|words| words.join("."))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn agrees_with_trying_every_topic(a in pattern(), b in pattern()) {
            let found = topics(8).into_iter().find(|topic| matches(&a, topic) && matches(&b, topic));
            prop_assert_eq!(overlap(&a, &b), found.is_some(), "{:?}", found);
        }
    }
}
