use std::time::Duration;

const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

/// Reads an age such as `90s`, `15m`, `1h30m` or `7d`.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no age: write it as 90s, 15m, 1h30m or 7d");
    let mut total = 0_u64;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, tail) = rest.split_at(end);
        let unit = tail.chars().next().ok_or_else(wrong)?;
        let (_, seconds) = UNITS.iter().find(|(letter, _)| *letter == unit).ok_or_else(wrong)?;
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*seconds));
        total = part.and_then(|part| total.checked_add(part)).ok_or_else(wrong)?;
        rest = tail.strip_prefix(unit).unwrap_or_default();
    }
    Ok(Duration::from_secs(total))
}

/// An age for people: its largest unit.
pub(crate) fn show(seconds: i64) -> String {
    let seconds = u64::try_from(seconds).unwrap_or(0);
    let (letter, unit) = UNITS.into_iter().find(|(_, unit)| seconds >= *unit).unwrap_or(('s', 1));
    format!("{}{letter}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_read() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("15m", Some(900)),
            ("1h30m", Some(5400)),
            (" 7d ", Some(604_800)),
            ("0s", Some(0)),
        ] {
            assert_eq!(parse(text).ok().map(|age| age.as_secs()), seconds, "{text}");
        }
        for text in ["", "7", "d", "soon", "-1h", "1.5h", "1w", "99999999999999999999d", "1h 30m", "ü"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ages_are_shown() {
        for (seconds, text) in
            [(-5, "0s"), (0, "0s"), (59, "59s"), (60, "1m"), (7199, "1h"), (86_400, "1d"), (864_000, "10d")]
        {
            assert_eq!(show(seconds), text);
        }
    }
}
