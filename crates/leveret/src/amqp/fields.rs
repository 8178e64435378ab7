use amqprs::{DecimalValue, FieldArray, FieldTable, FieldValue};

use super::repeated::Repeated;
use crate::headers::{Headers, Value};

/// A header table for the wire. Always a fresh one, since a name that is set twice corrupts it (hazard H13); names
/// over 255 bytes are refused long before, here they are only kept from panicking (hazard H14).
pub(super) fn to_table(headers: &Headers) -> FieldTable {
    let mut table = FieldTable::new();
    for (name, value) in headers.iter() {
        insert(&mut table, name, value);
    }
    table
}

/// Sets a name that the table does not have yet.
pub(super) fn insert(table: &mut FieldTable, name: &str, value: &Value) {
    if let (Ok(name), Some(value)) = (name.try_into(), to_field(value)) {
        table.insert(name, value);
    }
}

/// `None` only for what is too long for its own length prefix of four bytes.
fn to_field(value: &Value) -> Option<FieldValue> {
    Some(match value {
        Value::Void => FieldValue::V,
        Value::Bool(v) => FieldValue::t(*v),
        Value::I8(v) => FieldValue::b(*v),
        Value::U8(v) => FieldValue::B(*v),
        Value::I16(v) => FieldValue::s(*v),
        Value::U16(v) => FieldValue::u(*v),
        Value::I32(v) => FieldValue::I(*v),
        Value::U32(v) => FieldValue::i(*v),
        Value::I64(v) => FieldValue::l(*v),
        Value::F32(v) => FieldValue::f(*v),
        Value::F64(v) => FieldValue::d(*v),
        Value::Decimal { scale, value } => FieldValue::D(DecimalValue::new(*scale, value.cast_signed())),
        Value::Text(v) => FieldValue::S(v.as_str().try_into().ok()?),
        Value::Bytes(v) => FieldValue::x(v.clone().try_into().ok()?),
        Value::Timestamp(v) => FieldValue::T(*v),
        Value::Array(values) => {
            let values: Vec<_> = values.iter().filter_map(to_field).collect();
            FieldValue::A(FieldArray::try_from(values).ok()?)
        }
        Value::Table(table) => FieldValue::F(to_table(table)),
    })
}

/// The header table of a message that came in.
pub(super) fn from_table(table: &FieldTable, repeated: &mut Repeated) -> Headers {
    let fields = table.as_ref();
    let mut headers = Headers::with_capacity(fields.len());
    for (name, value) in fields {
        headers.push(repeated.share(name.as_ref()), from_field(value, repeated));
    }
    headers
}

fn from_field(field: &FieldValue, repeated: &mut Repeated) -> Value {
    match field {
        FieldValue::V => Value::Void,
        FieldValue::t(v) => Value::Bool(*v),
        FieldValue::b(v) => Value::I8(*v),
        FieldValue::B(v) => Value::U8(*v),
        FieldValue::s(v) => Value::I16(*v),
        FieldValue::u(v) => Value::U16(*v),
        FieldValue::I(v) => Value::I32(*v),
        FieldValue::i(v) => Value::U32(*v),
        FieldValue::l(v) => Value::I64(*v),
        FieldValue::f(v) => Value::F32(*v),
        FieldValue::d(v) => Value::F64(*v),
        FieldValue::D(v) => decimal(v),
        FieldValue::S(v) => repeated.share(v.as_ref()).into(),
        FieldValue::x(v) => Value::Bytes(v.clone().into()),
        FieldValue::T(v) => Value::Timestamp(*v),
        FieldValue::A(v) => {
            Value::Array(Vec::from(v.clone()).iter().map(|v| from_field(v, repeated)).collect())
        }
        FieldValue::F(v) => Value::Table(from_table(v, repeated)),
    }
}

/// amqprs keeps the parts of a decimal private, and shows them only in `Decimal(scale, value)`.
fn decimal(decimal: &DecimalValue) -> Value {
    let text = decimal.to_string();
    let parts = text.trim_start_matches("Decimal(").trim_end_matches(')').split_once(", ");
    let parsed = parts.and_then(|(scale, value)| {
        Some(Value::Decimal { scale: scale.parse().ok()?, value: value.parse::<i32>().ok()?.cast_unsigned() })
    });
    parsed.unwrap_or(Value::Void)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_comes_back() {
        let inner = Headers::from_iter([("ü", Value::from("wörld")), ("void", Value::Void)]);
        let headers = Headers::from_iter([
            ("void", Value::Void),
            ("bool", true.into()),
            ("i8", Value::I8(-1)),
            ("u8", Value::U8(255)),
            ("i16", Value::I16(i16::MIN)),
            ("u16", Value::U16(u16::MAX)),
            ("i32", Value::I32(i32::MIN)),
            ("u32", Value::U32(u32::MAX)),
            ("i64", Value::I64(i64::MIN)),
            ("f32", Value::F32(1.5)),
            ("f64", Value::F64(-2.5)),
            ("decimal", Value::Decimal { scale: 3, value: u32::MAX }),
            ("text", "".into()),
            ("bytes", Value::Bytes(vec![0, 255])),
            ("time", Value::Timestamp(u64::MAX)),
            ("empty array", Value::Array(vec![])),
            ("array", Value::Array(vec![1_i32.into(), Value::Array(vec![]), inner.clone().into()])),
            ("table", inner.into()),
            ("empty table", Headers::new().into()),
        ]);
        assert_eq!(from_table(&to_table(&headers), &mut Repeated::default()), headers);
    }

    #[test]
    fn names_that_do_not_fit_are_left_out() {
        let headers = Headers::from_iter([("x".repeat(256), 1_i32), ("ok".to_owned(), 2)]);
        assert_eq!(
            from_table(&to_table(&headers), &mut Repeated::default()),
            Headers::from_iter([("ok", 2_i32)])
        );
    }
}
