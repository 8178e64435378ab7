use super::source::is_word;

/// A name below the crate's root that a file uses: `crate::name`.
#[derive(Debug, PartialEq)]
pub(super) struct Import<'a> {
    pub(super) line: usize,
    pub(super) name: &'a str,
    /// Written with `super`, which inside an inline module means the file itself.
    pub(super) climbed: bool,
}

/// The paths from the crate's root in a file without comments and literals, written `crate::a`, `crate::{a::X, b}`, or
/// with as many `super::` as the file is deep.
pub(super) fn imports(code: &str, depth: usize) -> Vec<Import<'_>> {
    let climb = "super::".repeat(depth);
    let mut found = Vec::new();
    for (at, _) in code.char_indices() {
        let rest = code.get(at..).unwrap_or_default();
        let before = code.get(..at).unwrap_or_default();
        let Some(path) = rest.strip_prefix("crate::").or_else(|| rest.strip_prefix(climb.as_str())) else {
            continue;
        };
        if before.ends_with(|letter| is_word(letter) || letter == ':') {
            continue;
        }
        found.extend(first_names(path).into_iter().map(|(offset, name)| {
            let start = rest.len() - path.len() + offset;
            let until = code.get(..at + start).unwrap_or_default();
            Import { line: until.matches('\n').count() + 1, name, climbed: !rest.starts_with("crate") }
        }));
    }
    found
}

/// The first word of a path, or of each path in the group with which it starts; with where it begins.
fn first_names(path: &str) -> Vec<(usize, &str)> {
    if !path.starts_with('{') {
        return word_at(path, 0).into_iter().collect();
    }
    let mut names = Vec::new();
    let mut depth = 0_usize;
    for (at, letter) in path.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(letter, '{' | ',') {
            names.extend(word_at(path, at + 1));
        }
    }
    names
}

fn word_at(text: &str, from: usize) -> Option<(usize, &str)> {
    let rest = text.get(from..)?;
    let word = rest.trim_start();
    let start = from + rest.len() - word.len();
    let end = word.find(|letter| !is_word(letter)).unwrap_or(word.len());
    word.get(..end).filter(|word| !word.is_empty()).map(|word| (start, word))
}

#[cfg(test)]
mod tests {
    use super::imports;

    #[test]
    fn paths_from_the_root_are_found() {
        for (code, depth, names) in [
            ("use crate::error::Error;", 1, vec![(1, "error")]),
            ("\nfn f() -> crate::codec::X {}", 1, vec![(2, "codec")]),
            ("use crate::{\n    a::{X, y::Z},\n    b,\n};", 1, vec![(2, "a"), (3, "b")]),
            ("use crate::{a::{b, c}, d as e};", 1, vec![(1, "a"), (1, "d")]),
            ("pub(crate) fn f() {} pub(in crate::a) fn g() {}", 1, vec![(1, "a")]),
            ("use super::codec::X;", 1, vec![(1, "codec")]),
            ("use super::codec::X;", 2, vec![]),
            ("use super::super::codec::X;", 2, vec![(1, "codec")]),
            ("use super::{a, b};", 1, vec![(1, "a"), (1, "b")]),
            ("use my_crate::x; use other::crate_x::y;", 1, vec![]),
        ] {
            let found: Vec<_> =
                imports(code, depth).into_iter().map(|import| (import.line, import.name)).collect();
            assert_eq!(found, names, "{code}");
        }
    }
}
