use std::fmt::Write;

/// How many bytes of a body that is no text are shown.
const HEX: usize = 4096;

/// Text on one line. Control characters are written out: what comes out of a queue must not steer the terminal.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Text that keeps its lines.
pub(crate) fn lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' | '\t' => shown.push(letter),
            letter if letter.is_control() => shown.extend(letter.escape_default()),
            letter => shown.push(letter),
        }
    }
    shown
}

/// At most `width` characters of a line, with an ellipsis for the rest.
pub(crate) fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let mut cut: String = line.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// A body for people: JSON with indents, else text, else hexadecimal digits.
pub(crate) fn body(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() => lines(&indented(text)),
        Ok(text) => lines(text),
        Err(_) => hex(bytes),
    }
}

/// JSON with one member a line. By its letters: numbers, the order of the keys and keys that occur twice stay as the
/// sender wrote them.
fn indented(json: &str) -> String {
    let (mut shown, mut depth, mut in_text) = (String::with_capacity(json.len() * 2), 0_usize, false);
    let mut letters = json.trim().chars().peekable();
    let line = |shown: &mut String, depth: usize| {
        shown.push('\n');
        shown.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(letter) = letters.next() {
        match letter {
            '\\' if in_text => {
                shown.push(letter);
                shown.extend(letters.next());
            }
            '"' => {
                in_text = !in_text;
                shown.push(letter);
            }
            _ if in_text => shown.push(letter),
            letter if letter.is_ascii_whitespace() => {}
            '{' | '[' => {
                shown.push(letter);
                while letters.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(end) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    shown.push(end);
                } else {
                    depth += 1;
                    line(&mut shown, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut shown, depth);
                shown.push(letter);
            }
            ',' => {
                shown.push(letter);
                line(&mut shown, depth);
            }
            ':' => shown.push_str(": "),
            letter => shown.push(letter),
        }
    }
    shown
}

fn hex(bytes: &[u8]) -> String {
    let mut shown = String::new();
    for (row, chunk) in bytes.chunks(16).take(HEX / 16).enumerate() {
        let digits: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let letters: String =
            chunk.iter().map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { '.' }).collect();
        let _ = writeln!(shown, "{:08x}  {:<47}  {letters}", row * 16, digits.join(" "));
    }
    if bytes.len() > HEX {
        let _ = writeln!(shown, "… {} bytes more", bytes.len() - HEX);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_all_kinds() {
        for (json, expected) in [
            (r#"{"b":[1],"a":"x"}"#, "{\n  \"b\": [\n    1\n  ],\n  \"a\": \"x\"\n}"),
            (r#"{"n":123456789012345678901234567890}"#, "{\n  \"n\": 123456789012345678901234567890\n}"),
            (" [ ] ", "[]"),
            (r#"["a,\"[b", { } ,null]"#, "[\n  \"a,\\\"[b\",\n  {},\n  null\n]"),
            ("[1", "[1"),
        ] {
            assert_eq!(body(json.as_bytes()), expected, "{json}");
        }
        assert_eq!(body(b"not json\x1b[31m"), "not json\\u{1b}[31m");
        assert_eq!(body(b""), "");
        assert_eq!(body(&[0, 255, b'a']), format!("00000000  {:<47}  ..a\n", "00 ff 61"));
        assert!(body(&[255; 5000]).ends_with("… 904 bytes more\n"));
    }

    #[test]
    fn lines_are_cut_between_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
        assert_eq!(one_line("a\nb\x1b[1m"), "a b [1m");
    }
}
