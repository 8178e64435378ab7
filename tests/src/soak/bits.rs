/// A set of small numbers, one bit each.
#[derive(Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
    ones: u64,
}

impl Bits {
    /// Adds a number; `false` if it was there already.
    pub(super) fn insert(&mut self, number: u64) -> bool {
        let (word, mask) = place(number);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let new = self.words.get_mut(word).is_some_and(|bits| {
            let new = *bits & mask == 0;
            *bits |= mask;
            new
        });
        self.ones += u64::from(new);
        new
    }

    /// How many are in it.
    pub(super) fn count(&self) -> u64 {
        self.ones
    }

    /// How many are in it and not in `other`.
    pub(super) fn missing_from(&self, other: &Self) -> u64 {
        let theirs = other.words.iter().copied().chain(std::iter::repeat(0));
        self.words.iter().zip(theirs).map(|(ours, theirs)| u64::from((ours & !theirs).count_ones())).sum()
    }

    /// The first ones that are in it and not in `other`.
    pub(super) fn first_missing_from(&self, other: &Self, most: usize) -> Vec<u64> {
        let numbers = 0..self.words.len() as u64 * 64;
        numbers.filter(|number| self.contains(*number) && !other.contains(*number)).take(most).collect()
    }

    fn contains(&self, number: u64) -> bool {
        let (word, mask) = place(number);
        self.words.get(word).is_some_and(|bits| bits & mask != 0)
    }
}

fn place(number: u64) -> (usize, u64) {
    (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
}

#[cfg(test)]
mod tests {
    use super::Bits;

    fn bits(numbers: &[u64]) -> Bits {
        let mut bits = Bits::default();
        for number in numbers {
            bits.insert(*number);
        }
        bits
    }

    #[test]
    fn a_number_is_new_once() {
        let mut bits = Bits::default();
        assert!(bits.insert(64));
        assert!(!bits.insert(64));
        assert!(bits.insert(0));
        assert_eq!(bits.count(), 2);
    }

    #[test]
    fn what_is_missing_is_counted_and_named() {
        let (sent, handled) = (bits(&[0, 63, 64, 200]), bits(&[63, 64, 7]));
        assert_eq!(sent.missing_from(&handled), 2);
        assert_eq!(sent.first_missing_from(&handled, 5), [0, 200]);
        assert_eq!(handled.missing_from(&sent), 1);
        assert_eq!(sent.missing_from(&sent), 0);
    }
}
