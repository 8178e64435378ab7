/// The most edits between a word and the one that was probably meant.
const NEAR: usize = 2;

/// The word of `known` that `word` was probably meant to be.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|known| (distance(word, known), *known))
        .filter(|(distance, known)| *distance <= NEAR && *distance < known.chars().count())
        .min()
        .map(|(_, known)| known)
}

/// How many letters to insert, remove or replace (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.chars().zip(row.windows(2)) {
            let &[diagonal, above] = above else { continue };
            left = (diagonal + usize::from(from != to)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits() {
        let cases =
            [("", "", 0), ("", "abc", 3), ("topic", "topic", 0), ("topics", "topic", 1), ("é", "e", 1)];
        for (a, b, expected) in cases {
            assert_eq!(distance(a, b), expected, "{a} to {b}");
            assert_eq!(distance(b, a), expected, "{b} to {a}");
        }
    }

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["command", "event", "endpoint", "topic"];
        assert_eq!(nearest("endpiont", &known), Some("endpoint"));
        assert_eq!(nearest("topcis", &known), Some("topic"));
        assert_eq!(nearest("colour", &known), None);
        assert_eq!(nearest("x", &["of"]), None);
    }
}
