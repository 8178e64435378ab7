/// The code of a file: comments, literals and test modules become spaces, so that a search finds code only. Lines stay
/// where they are.
pub(super) fn code_only(text: &str) -> String {
    let mut code: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < code.len() {
        let end = literal_or_comment(&code, at);
        blank(&mut code, at, end);
        at = end.max(at + 1);
    }
    blank_tests(&mut code);
    code.into_iter().collect()
}

fn char_at(code: &[char], at: usize) -> char {
    code.get(at).copied().unwrap_or('\0')
}

fn starts(code: &[char], at: usize, what: &str) -> bool {
    what.chars().enumerate().all(|(offset, wanted)| char_at(code, at + offset) == wanted)
}

fn blank(code: &mut [char], from: usize, to: usize) {
    let end = to.min(code.len());
    for letter in code.get_mut(from..end).unwrap_or_default() {
        if *letter != '\n' {
            *letter = ' ';
        }
    }
}

/// Where the comment or literal that starts here ends; here, when none does.
fn literal_or_comment(code: &[char], at: usize) -> usize {
    let after_word = at > 0 && is_word(char_at(code, at - 1));
    match char_at(code, at) {
        '/' if starts(code, at, "//") => find(code, at, '\n'),
        '/' if starts(code, at, "/*") => block_comment(code, at),
        '"' => string(code, at),
        'r' if !after_word || char_at(code, at - 1) == 'b' => raw_string(code, at).unwrap_or(at),
        '\'' => character(code, at),
        _ => at,
    }
}

fn find(code: &[char], from: usize, wanted: char) -> usize {
    (from..code.len()).find(|at| char_at(code, *at) == wanted).unwrap_or(code.len())
}

/// Block comments nest.
fn block_comment(code: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < code.len() {
        if starts(code, at, "/*") {
            depth += 1;
            at += 2;
        } else if starts(code, at, "*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn string(code: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < code.len() {
        match char_at(code, at) {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// `r"..."`, `r#"..."#`: ends at a quote with as many hashes.
fn raw_string(code: &[char], from: usize) -> Option<usize> {
    let hashes = (from + 1..).take_while(|at| char_at(code, *at) == '#').count();
    if char_at(code, from + 1 + hashes) != '"' {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let end = (from + 2 + hashes..code.len()).find(|at| starts(code, *at, &close));
    Some(end.map_or(code.len(), |at| at + close.len()))
}

/// `'x'` and `'\n'`, but not the lifetime `'x`.
fn character(code: &[char], from: usize) -> usize {
    if char_at(code, from + 1) == '\\' {
        return find(code, from + 3, '\'') + 1;
    }
    if char_at(code, from + 2) == '\'' { from + 3 } else { from }
}

pub(super) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Tests may import what they like.
fn blank_tests(code: &mut [char]) {
    let mut at = 0;
    while at < code.len() {
        if starts(code, at, "#[cfg(test)]") {
            let end = item_end(code, at);
            blank(code, at, end);
        }
        at += 1;
    }
}

/// An item ends at its first `;`, or where its first brace closes; not inside parentheses or brackets.
fn item_end(code: &[char], from: usize) -> usize {
    let mut depth = 0_usize;
    for at in from..code.len() {
        match char_at(code, at) {
            ';' if depth == 0 => return at + 1,
            '{' | '(' | '[' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::code_only;

    #[test]
    fn only_code_is_left() {
        for (text, left) in [
            ("a // crate::b\nc", "a\nc"),
            ("a /* x /* y */ z */ b", "a b"),
            ("let a = \"crate::x \\\" y\"; b", "let a = ; b"),
            ("r#\"crate::\"x\"# b", "b"),
            ("br\"x\" b", "b b"),
            ("fn f<'a>(c: char) { c == '\"' || c == '\\'' } // x", "fn f<'a>(c: char) { c == || c == }"),
            ("a\n#[cfg(test)]\nmod tests { fn a() {} use crate::x; }\nb", "a\nb"),
            ("#[cfg(test)]\nmod tests;\nb", "b"),
            ("#[cfg(test)]\n#[allow(x)]\nfn f() -> [u8; 3] { g() }\nb", "b"),
        ] {
            let code = code_only(text);
            assert_eq!(code.lines().count(), text.lines().count(), "{text}");
            let lines: Vec<String> =
                code.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
            assert_eq!(lines.join("\n"), left, "{text}");
        }
    }
}
