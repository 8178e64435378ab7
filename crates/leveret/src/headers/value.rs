use super::{Headers, Text};

/// The value of a header: every type that AMQP 0-9-1 as RabbitMQ speaks it can carry.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// No value.
    Void,
    /// `t`.
    Bool(bool),
    /// `b`.
    I8(i8),
    /// `B`.
    U8(u8),
    /// `s`.
    I16(i16),
    /// `u`.
    U16(u16),
    /// `I`.
    I32(i32),
    /// `i`.
    U32(u32),
    /// `l`.
    I64(i64),
    /// `f`.
    F32(f32),
    /// `d`.
    F64(f64),
    /// `D`: `value / 10^scale`.
    Decimal {
        /// How many digits stand behind the point.
        scale: u8,
        /// The digits, without the point.
        value: u32,
    },
    /// `S`: text. AMQP calls it a long string; it must be UTF-8 (hazard H12).
    Text(Text),
    /// `x`: bytes.
    Bytes(Vec<u8>),
    /// `T`: seconds since 1970-01-01 UTC.
    Timestamp(u64),
    /// `A`.
    Array(Vec<Value>),
    /// `F`.
    Table(Headers),
}

impl Value {
    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, whatever integer type carries it; also a number written as text.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::I8(n) => Some((*n).into()),
            Self::U8(n) => Some((*n).into()),
            Self::I16(n) => Some((*n).into()),
            Self::U16(n) => Some((*n).into()),
            Self::I32(n) => Some((*n).into()),
            Self::U32(n) => Some((*n).into()),
            Self::I64(n) => Some(*n),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value as a sender probably meant it: text as it is, numbers and truth values written out.
    /// `None` for what has no plain text: nothing, tables, arrays, and bytes that are not UTF-8.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.as_str().to_owned()),
            Self::Bytes(bytes) => String::from_utf8(bytes.clone()).ok(),
            Self::Bool(b) => Some(b.to_string()),
            Self::F32(n) => Some(n.to_string()),
            Self::F64(n) => Some(n.to_string()),
            Self::Timestamp(seconds) => Some(seconds.to_string()),
            Self::Void | Self::Array(_) | Self::Table(_) | Self::Decimal { .. } => None,
            integer => integer.as_integer().map(|n| n.to_string()),
        }
    }

    /// How many bytes the value takes in a frame, its type byte included.
    pub fn wire_len(&self) -> usize {
        1 + match self {
            Self::Void => 0,
            Self::Bool(_) | Self::I8(_) | Self::U8(_) => 1,
            Self::I16(_) | Self::U16(_) => 2,
            Self::I32(_) | Self::U32(_) | Self::F32(_) => 4,
            Self::I64(_) | Self::F64(_) | Self::Timestamp(_) => 8,
            Self::Decimal { .. } => 5,
            Self::Text(text) => 4 + text.len(),
            Self::Bytes(bytes) => 4 + bytes.len(),
            Self::Array(values) => 4 + values.iter().map(Self::wire_len).sum::<usize>(),
            Self::Table(table) => table.wire_len(),
        }
    }
}

macro_rules! from {
    ($($from:ty => $variant:ident),* $(,)?) => {
        $(impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}
from! {
    bool => Bool, i8 => I8, u8 => U8, i16 => I16, u16 => U16, i32 => I32, u32 => U32, i64 => I64, f32 => F32, f64 => F64,
    &str => Text, String => Text, Text => Text, Vec<u8> => Bytes, Vec<Value> => Array, Headers => Table,
}
