use std::fmt;

use serde_json::{Map, Value};

/// The whole numbers that a reader takes, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Integers {
    pub(super) least: i128,
    pub(super) most: i128,
}

/// The numbers with a fraction that a reader takes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Numbers {
    /// `float`, `double`, or something else that is not known here.
    pub(super) format: Option<String>,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Integers {
    const ALL: Self = Self { least: i128::MIN, most: i128::MAX };

    pub(super) fn of(schema: &Map<String, Value>) -> Self {
        let format = schema.get("format").and_then(Value::as_str);
        let Self { least, most } = format.and_then(Self::of_format).unwrap_or(Self::ALL);
        let bound = |key| schema.get(key).and_then(whole);
        Self {
            least: bound("minimum").map_or(least, |bound| bound.max(least)),
            most: bound("maximum").map_or(most, |bound| bound.min(most)),
        }
    }

    fn of_format(format: &str) -> Option<Self> {
        let (signed, bits) = match (format, format.strip_prefix("uint"), format.strip_prefix("int")) {
            (_, Some(""), _) => (false, 64),
            (_, _, Some("")) => (true, 64),
            (_, Some(bits), _) => (false, bits.parse().ok()?),
            (_, _, Some(bits)) => (true, bits.parse().ok()?),
            _ => return None,
        };
        match (signed, bits) {
            (true, 1..=127_u32) => Some(Self { least: -(1 << (bits - 1)), most: (1 << (bits - 1)) - 1 }),
            (false, 1..=126) => Some(Self { least: 0, most: (1 << bits) - 1 }),
            (false, _) => Some(Self { least: 0, ..Self::ALL }),
            (true, _) => Some(Self::ALL),
        }
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        self.least <= other.least && other.most <= self.most
    }
}

impl Numbers {
    pub(super) fn of(schema: &Map<String, Value>) -> Self {
        let bound = |key| schema.get(key).and_then(Value::as_f64);
        Self {
            format: schema.get("format").and_then(Value::as_str).map(Into::into),
            least: bound("minimum").unwrap_or(f64::NEG_INFINITY),
            most: bound("maximum").unwrap_or(f64::INFINITY),
        }
    }

    /// Whether all digits of the other arrive too.
    pub(super) fn contains(&self, other: &Self) -> bool {
        let digits = self.format == other.format
            || (self.format.as_deref(), other.format.as_deref()) == (Some("double"), Some("float"));
        digits && self.least <= other.least && other.most <= self.most
    }

    /// Whether a whole number arrives as it is.
    #[expect(clippy::cast_precision_loss, reason = "within the digits that are checked before")]
    pub(super) fn contains_whole(&self, other: &Integers) -> bool {
        let digits = match self.format.as_deref() {
            Some("float") => 24,
            Some("double") => 53,
            _ => return false,
        };
        let exact = 1_i128 << digits;
        let exact = Integers { least: -exact, most: exact };
        exact.contains(other) && self.least <= other.least as f64 && other.most as f64 <= self.most
    }
}

fn whole(value: &Value) -> Option<i128> {
    let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    // A bound such as 1.0; one with a fraction is rounded to zero, on both sides of a comparison.
    #[expect(clippy::cast_possible_truncation, reason = "a bound beyond i128 is none")]
    number.or_else(|| value.as_f64().map(|number| number as i128))
}

impl fmt::Display for Integers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ALL => f.write_str("integer"),
            Self { least, most: i128::MAX } => write!(f, "integer from {least}"),
            Self { least: i128::MIN, most } => write!(f, "integer to {most}"),
            Self { least, most } => write!(f, "integer from {least} to {most}"),
        }
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("number")?;
        self.format.iter().try_for_each(|format| write!(f, " ({format})"))?;
        if self.least.is_finite() {
            write!(f, " from {}", self.least)?;
        }
        if self.most.is_finite() {
            write!(f, " to {}", self.most)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn integers(schema: &Value) -> Integers {
        Integers::of(schema.as_object().unwrap())
    }

    #[test]
    fn formats_are_ranges() {
        for (schema, least, most) in [
            (json!({ "format": "uint8" }), 0, 255),
            (json!({ "format": "int8", "minimum": 0 }), 0, 127),
            (json!({ "format": "uint64", "minimum": 0 }), 0, i128::from(u64::MAX)),
            (json!({ "format": "int64" }), i128::from(i64::MIN), i128::from(i64::MAX)),
            (json!({ "format": "uint" }), 0, i128::from(u64::MAX)),
            (json!({ "format": "int128" }), i128::MIN, i128::MAX),
            (json!({ "format": "uint128", "maximum": 9.0 }), 0, 9),
            (json!({ "format": "odd", "maximum": 9 }), i128::MIN, 9),
        ] {
            assert_eq!(integers(&schema), Integers { least, most }, "{schema}");
        }
    }

    #[test]
    fn digits_that_would_be_lost_are_not_contained() {
        let number = |format: &str| Numbers::of(json!({ "format": format }).as_object().unwrap());
        let whole = |format: &str| integers(&json!({ "format": format }));
        assert!(number("double").contains(&number("float")) && !number("float").contains(&number("double")));
        assert!(
            number("double").contains_whole(&whole("int32"))
                && !number("double").contains_whole(&whole("int64"))
        );
        assert!(
            !number("float").contains_whole(&whole("int32"))
                && number("float").contains_whole(&whole("int16"))
        );
    }
}
