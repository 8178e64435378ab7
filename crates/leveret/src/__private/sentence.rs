/// The longest sentence, in bytes: four names of AMQP's longest form, and the words between them.
const CAPACITY: usize = 4 * 255 + 512;

/// A sentence put together in a `const`, where a panic can show nothing but one `&str`.
pub(super) struct Sentence {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Sentence {
    /// The sentence made of these parts; what does not fit is cut off.
    pub(super) const fn of(mut parts: &[&str]) -> Self {
        let mut sentence = Self { bytes: [0; CAPACITY], len: 0 };
        while let Some((part, rest)) = parts.split_first() {
            sentence.push(part);
            parts = rest;
        }
        sentence
    }

    const fn push(&mut self, part: &str) {
        let (_, free) = self.bytes.split_at_mut(self.len);
        let fits = if part.len() < free.len() { part.len() } else { free.len() };
        free.split_at_mut(fits).0.copy_from_slice(part.as_bytes().split_at(fits).0);
        self.len += fits;
    }

    pub(super) const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "the names in this message are too long to be shown", // cut inside a character
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_and_cuts() {
        const JOINED: Sentence = Sentence::of(&["`", "größe", "` is ", "", "here"]);
        assert_eq!(JOINED.as_str(), "`größe` is here");
        let long = "x".repeat(CAPACITY - 1);
        assert_eq!(Sentence::of(&[&long, "yz"]).as_str(), format!("{long}y"));
        assert!(Sentence::of(&[&long, "ö"]).as_str().contains("too long"));
    }
}
