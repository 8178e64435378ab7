use std::time::Duration;

use time::{
    OffsetDateTime, PrimitiveDateTime,
    format_description::{BorrowedFormatItem, well_known::Iso8601},
    macros::format_description,
};

use crate::headers::Text;

const ISO: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]+00:00");
const PIKABUS_1: &[BorrowedFormatItem<'_>] =
    format_description!("[month]/[day]/[year] [hour]:[minute]:[second]");

/// Of either form, in bytes.
const LONGEST: usize = 32;

/// How times are written into headers. Both forms are read, whatever is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum TimeFormat {
    /// ISO 8601 in UTC with microseconds, as PikaBus 2 writes it: `2026-08-07T16:32:19.123456+00:00`.
    #[default]
    Iso8601,
    /// The form of PikaBus 1, in UTC and to the second: `08/07/2026 16:32:19`.
    PikaBus1,
}

impl TimeFormat {
    pub(crate) fn write(self, at: OffsetDateTime) -> Text {
        let at = at.to_offset(time::UtcOffset::UTC);
        match self {
            Self::Iso8601 => match u32::try_from(at.year()) {
                Ok(year @ 0..=9999) => str::from_utf8(&iso(year, at)).unwrap_or_default().into(),
                _ => formatted(at, ISO),
            },
            Self::PikaBus1 => formatted(at, PIKABUS_1),
        }
    }
}

fn formatted(at: OffsetDateTime, items: &[BorrowedFormatItem<'_>]) -> Text {
    let mut buffer = [0; LONGEST];
    let written = at.format_into(&mut &mut buffer[..], items);
    // Both forms take every year of our era; an empty text is read as malformed, and never guessed at.
    let text = written.ok().and_then(|length| str::from_utf8(buffer.get(..length)?).ok());
    text.unwrap_or_default().into()
}

/// What [`ISO`] describes. Every message says when it was sent, and to go through the description costs ten times this.
fn iso(year: u32, at: OffsetDateTime) -> [u8; LONGEST] {
    let mut text = *b"0000-00-00T00:00:00.000000+00:00";
    text[..4].copy_from_slice(&digits::<4>(year));
    text[5..7].copy_from_slice(&digits::<2>(u8::from(at.month()).into()));
    text[8..10].copy_from_slice(&digits::<2>(at.day().into()));
    text[11..13].copy_from_slice(&digits::<2>(at.hour().into()));
    text[14..16].copy_from_slice(&digits::<2>(at.minute().into()));
    text[17..19].copy_from_slice(&digits::<2>(at.second().into()));
    text[20..26].copy_from_slice(&digits::<6>(at.microsecond()));
    text
}

/// The last `N` digits, with zeros in front.
fn digits<const N: usize>(mut number: u32) -> [u8; N] {
    let mut digits = [b'0'; N];
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
    digits
}

/// Reads a time in either form. A time without offset is UTC.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    OffsetDateTime::parse(text, &Iso8601::PARSING)
        .or_else(|_| PrimitiveDateTime::parse(text, &Iso8601::PARSING).map(PrimitiveDateTime::assume_utc))
        .or_else(|_| PrimitiveDateTime::parse(text, PIKABUS_1).map(PrimitiveDateTime::assume_utc))
        .ok()
}

/// The present time.
///
/// Where a test paused tokio's clock and let it run ahead, this runs ahead as well, so that the times in headers agree
/// with the timers. In a program the two clocks are one.
pub(crate) fn now() -> OffsetDateTime {
    let ahead = tokio::time::Instant::now().into_std().saturating_duration_since(std::time::Instant::now());
    let now = OffsetDateTime::now_utc();
    if ahead.is_zero() { now } else { now + ahead }
}

/// The time that lies `duration` ahead; 9999-12-31, the last day that both forms can write, where that is later.
pub(crate) fn from_now(duration: Duration) -> OffsetDateTime {
    time::Duration::try_from(duration)
        .ok()
        .and_then(|duration| now().checked_add(duration))
        .unwrap_or(PrimitiveDateTime::MAX.assume_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn reads_both_forms_and_what_python_writes() {
        let at = datetime!(2026-08-07 16:32:19.123456 UTC);
        let cases = [
            ("2026-08-07T16:32:19.123456+00:00", at),
            ("2026-08-07T18:32:19.123456+02:00", at),
            ("2026-08-07T16:32:19.123456Z", at),
            ("2026-08-07T16:32:19.123456", at),
            ("2026-08-07T16:32:19+00:00", at.replace_microsecond(0).unwrap()),
            ("08/07/2026 16:32:19", at.replace_microsecond(0).unwrap()),
            (" 08/07/2026 16:32:19 ", at.replace_microsecond(0).unwrap()),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        for text in ["", "yesterday", "2026-13-07T16:32:19+00:00", "31/07/2026 16:32:19", "7"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn writes_both_forms() {
        let at = datetime!(2026-08-07 18:32:19.123456 +2);
        assert_eq!(TimeFormat::Iso8601.write(at), "2026-08-07T16:32:19.123456+00:00");
        assert_eq!(TimeFormat::PikaBus1.write(at), "08/07/2026 16:32:19");
        assert_eq!(parse(&TimeFormat::Iso8601.write(at)), Some(at));
    }

    proptest! {
        /// In any offset.
        #[test]
        fn writes_what_the_description_says(seconds in -62_167_219_200..253_402_300_799_i128, below in 0..1_000_000_000_i128, hours in -23_i8..24) {
            let at = OffsetDateTime::from_unix_timestamp_nanos(seconds * 1_000_000_000 + below).unwrap();
            let elsewhere = at.checked_to_offset(time::UtcOffset::from_hms(hours, 0, 0).unwrap()).unwrap_or(at);
            prop_assert_eq!(TimeFormat::Iso8601.write(elsewhere), at.format(ISO).unwrap());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn goes_with_the_paused_clock() {
        let before = now();
        tokio::time::advance(Duration::from_secs(3600)).await;
        let passed = now() - before;
        assert!((passed - time::Duration::HOUR).abs() < time::Duration::MINUTE, "{passed}");
    }
}
