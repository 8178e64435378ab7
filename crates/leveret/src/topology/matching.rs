/// Whether a topic matches a pattern, as RabbitMQ's topic exchange decides it.
///
/// Words stand between dots; `*` is one word, `#` is none or more. An empty key has no words at all, and a dot at an
/// end makes an empty word. It is `const`, so that `#[handler(topic = "..")]` is checked by the compiler.
///
/// ```
/// use leveret::topology::matches;
///
/// assert!(matches("orders.*", "orders.placed"));
/// assert!(matches("orders.#", "orders"));
/// assert!(!matches("orders.*", "orders"));
/// ```
pub const fn matches(pattern: &str, topic: &str) -> bool {
    fits(pattern, topic, false)
}

/// As [`matches`]; where `any_word`, a word `*` of the topic is whatever the pattern wants there.
pub(super) const fn fits(pattern: &str, topic: &str, any_word: bool) -> bool {
    let (p, k) = (Words(pattern.as_bytes()), Words(topic.as_bytes()));
    let (mut at_p, mut at_k) = (p.first(), k.first());
    // Where to go on when what followed the last `#` did not fit: behind that `#`, one more word swallowed by it.
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if k.is_end(at_k) {
            while !p.is_end(at_p) && p.is(at_p, b'#') {
                at_p = p.next(at_p);
            }
            if p.is_end(at_p) {
                return true;
            }
            return false; // the rest of the pattern wants words, and swallowing more leaves even fewer
        }
        if !p.is_end(at_p) {
            if p.is(at_p, b'#') {
                at_p = p.next(at_p);
                retry = Some((at_p, at_k));
                continue;
            }
            if p.is(at_p, b'*') || any_word && k.is(at_k, b'*') || p.same(at_p, k, at_k) {
                at_p = p.next(at_p);
                at_k = k.next(at_k);
                continue;
            }
        }
        match retry {
            Some((behind, swallowed)) => {
                at_p = behind;
                at_k = k.next(swallowed);
                retry = Some((at_p, at_k));
            }
            None => return false,
        }
    }
}

/// The words of a key, each known by where it starts. The end lies one behind the last byte's end, since a key that
/// ends with a dot has an empty word there.
#[derive(Clone, Copy)]
struct Words<'a>(&'a [u8]);

#[allow(
    clippy::indexing_slicing,
    reason = "`get` and iterators are not const; every index is below `len` by its loop"
)]
impl Words<'_> {
    const fn first(self) -> usize {
        if self.0.is_empty() { 1 } else { 0 }
    }

    const fn is_end(self, at: usize) -> bool {
        at > self.0.len()
    }

    const fn end_of_word(self, at: usize) -> usize {
        let mut end = at;
        while end < self.0.len() && self.0[end] != b'.' {
            end += 1;
        }
        end
    }

    const fn next(self, at: usize) -> usize {
        self.end_of_word(at) + 1
    }

    const fn is(self, at: usize, wildcard: u8) -> bool {
        self.end_of_word(at) == at + 1 && self.0[at] == wildcard
    }

    const fn same(self, at: usize, other: Self, there: usize) -> bool {
        let len = self.end_of_word(at) - at;
        if len != other.end_of_word(there) - there {
            return false;
        }
        let mut i = 0;
        while i < len {
            if self.0[at + i] != other.0[there + i] {
                return false;
            }
            i += 1;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition, slow and plain.
    fn by_definition(pattern: &[&str], topic: &[&str]) -> bool {
        match (pattern.split_first(), topic.split_first()) {
            (None, None) => true,
            (None, Some(_)) => false,
            (Some((&"#", rest)), _) => (0..=topic.len()).any(|n| by_definition(rest, &topic[n..])),
            (Some(_), None) => false,
            (Some((word, rest)), Some((key, keys))) => {
                (*word == "*" || word == key) && by_definition(rest, keys)
            }
        }
    }

    fn words(text: &str) -> Vec<&str> {
        if text.is_empty() { Vec::new() } else { text.split('.').collect() }
    }

    #[test]
    fn as_rabbitmq_does() {
        let cases = [
            ("orders.placed", "orders.placed", true),
            ("orders.*", "orders.placed", true),
            ("orders.*", "orders", false),
            ("orders.*", "orders.placed.late", false),
            ("orders.*", "orders.", true),
            ("orders.#", "orders", true),
            ("orders.#", "orders.placed.late", true),
            ("#", "", true),
            ("#", "a.b", true),
            ("*", "", false),
            ("*", "a", true),
            ("", "", true),
            ("", "a", false),
            ("#.b", "b", true),
            ("#.b", "a.b", true),
            ("#.b", "a.bc", false),
            ("a.#.c.#.e", "a.b.c.c.d.e", true),
            ("*.*", ".", true),
            ("order*", "orders", false),
        ];
        for (pattern, topic, expected) in cases {
            assert_eq!(matches(pattern, topic), expected, "{pattern} against {topic}");
        }
        const { assert!(matches("a.#", "a.b")) }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(
            pattern in prop::collection::vec(prop::sample::select(vec!["a", "b", "", "*", "#"]), 0..6),
            topic in prop::collection::vec(prop::sample::select(vec!["a", "b", "c", ""]), 0..7),
        ) {
            let (pattern, topic) = (pattern.join("."), topic.join("."));
            prop_assert_eq!(matches(&pattern, &topic), by_definition(&words(&pattern), &words(&topic)));
        }
    }
}
