//! Random types, as serde and schemars treat them: what is found to be readable is read, and as what it was meant.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::super::{finding::Problem, readable::readable};

#[derive(Debug, Clone, PartialEq)]
enum Type {
    Small,
    Large,
    Text,
    Maybe(Box<Type>),
    List(Box<Type>),
    Table(Box<Type>),
    Record(Record),
    Choice(Style, BTreeMap<&'static str, Record>),
}

#[derive(Debug, Clone, PartialEq)]
struct Record {
    /// Each with whether it is required.
    fields: BTreeMap<&'static str, (Type, bool)>,
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Style {
    External,
    Internal,
    Untagged,
}

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn record(rng: &mut Rng, depth: usize) -> Record {
    let mut fields = BTreeMap::new();
    for _ in 0..rng.usize(0..3) {
        fields.insert(NAMES[rng.usize(0..NAMES.len())], (some_type(rng, depth), rng.bool()));
    }
    Record { fields, strict: rng.u8(0..4) == 0 }
}

fn some_type(rng: &mut Rng, depth: usize) -> Type {
    let Some(depth) = depth.checked_sub(1) else { return Type::Text };
    match rng.u8(0..8) {
        0 => Type::Small,
        1 => Type::Large,
        2 => Type::Text,
        3 => Type::Maybe(Box::new([Type::Small, Type::Text][rng.usize(0..2)].clone())),
        4 => Type::List(Box::new(some_type(rng, depth))),
        5 => Type::Table(Box::new(some_type(rng, depth))),
        6 => Type::Record(record(rng, depth)),
        _ => {
            let style = [Style::External, Style::Internal, Style::Untagged][rng.usize(0..3)];
            let names = NAMES.iter().take(rng.usize(1..=3));
            Type::Choice(style, names.map(|name| (*name, record(rng, depth))).collect())
        }
    }
}

/// The same type with a small change somewhere, or with none.
fn changed(rng: &mut Rng, before: &Type) -> Type {
    if rng.u8(0..6) == 0 {
        return some_type(rng, 2);
    }
    match before {
        Type::Maybe(inner) => Type::Maybe(inner.clone()),
        Type::List(inner) => Type::List(Box::new(changed(rng, inner))),
        Type::Table(inner) => Type::Table(Box::new(changed(rng, inner))),
        Type::Record(inner) => Type::Record(changed_record(rng, inner)),
        Type::Choice(style, variants) => {
            let mut variants = variants.clone();
            if let Some(one) = variants.values_mut().next() {
                *one = changed_record(rng, one);
            }
            if rng.bool() {
                variants.insert(NAMES[rng.usize(0..NAMES.len())], record(rng, 1));
            }
            Type::Choice(*style, variants)
        }
        Type::Small | Type::Large if rng.bool() => Type::Large,
        plain => plain.clone(),
    }
}

fn changed_record(rng: &mut Rng, before: &Record) -> Record {
    let mut after = before.clone();
    for (field, required) in after.fields.values_mut() {
        match rng.u8(0..4) {
            0 => *required = !*required,
            1 => *field = changed(rng, field),
            _ => {}
        }
    }
    if rng.bool() {
        after.fields.insert(NAMES[rng.usize(0..NAMES.len())], (some_type(rng, 1), rng.u8(0..3) == 0));
    }
    after
}

/// As schemars writes it.
fn schema(of: &Type) -> Value {
    match of {
        Type::Small => json!({ "type": "integer", "format": "uint8", "minimum": 0, "maximum": 255 }),
        Type::Large => json!({ "type": "integer", "format": "uint32", "minimum": 0 }),
        Type::Text => json!({ "type": "string" }),
        Type::Maybe(inner) => json!({ "anyOf": [schema(inner), { "type": "null" }] }),
        Type::List(inner) => json!({ "type": "array", "items": schema(inner) }),
        Type::Table(inner) => json!({ "type": "object", "additionalProperties": schema(inner) }),
        Type::Record(record) => record_schema(record),
        Type::Choice(Style::Untagged, variants) => {
            json!({ "anyOf": variants.values().map(record_schema).collect::<Vec<_>>() })
        }
        Type::Choice(style, variants) => {
            let variants = variants.iter().map(|(name, record)| {
                let mut schema = record_schema(record);
                if *style == Style::External {
                    return json!({
                        "type": "object", "properties": { *name: schema }, "required": [name], "additionalProperties": false
                    });
                }
                schema["properties"]["t"] = json!({ "type": "string", "const": name });
                schema["required"].as_array_mut().unwrap().push(json!("t"));
                schema
            });
            json!({ "oneOf": variants.collect::<Vec<_>>() })
        }
    }
}

fn record_schema(record: &Record) -> Value {
    let fields: Map<String, Value> =
        record.fields.iter().map(|(name, (field, _))| ((*name).to_owned(), schema(field))).collect();
    let required: Vec<&str> =
        record.fields.iter().filter(|(_, (_, required))| *required).map(|(name, _)| *name).collect();
    let mut schema = json!({ "type": "object", "properties": fields, "required": required });
    if record.strict {
        schema["additionalProperties"] = json!(false);
    }
    schema
}

/// A value as a program writes it.
fn write(rng: &mut Rng, of: &Type) -> Value {
    match of {
        Type::Small => json!(rng.u8(..)),
        Type::Large => json!(rng.u32(..)),
        Type::Text => json!("text"),
        Type::Maybe(inner) => {
            if rng.bool() {
                Value::Null
            } else {
                write(rng, inner)
            }
        }
        Type::List(inner) => (0..rng.u8(0..3)).map(|_| write(rng, inner)).collect(),
        Type::Table(inner) => {
            let entries =
                (0..rng.usize(0..3)).map(|_| (NAMES[rng.usize(0..4)].to_owned(), write(rng, inner)));
            // The keys of a map are anything, so not only names of fields.
            Value::Object(
                entries
                    .map(|(name, value)| (format!("{name}-key"), value))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .collect(),
            )
        }
        Type::Record(record) => write_record(rng, record),
        Type::Choice(style, variants) => {
            let (name, record) = variants.iter().nth(rng.usize(0..variants.len())).unwrap();
            let mut value = write_record(rng, record);
            match style {
                Style::External => json!({ *name: value }),
                Style::Internal => {
                    value["t"] = json!(name);
                    value
                }
                Style::Untagged => value,
            }
        }
    }
}

fn write_record(rng: &mut Rng, record: &Record) -> Value {
    let mut value = json!({});
    for (name, (field, required)) in &record.fields {
        if *required || rng.bool() {
            value[*name] = write(rng, field);
        }
    }
    value
}

/// Which variants serde finds in a value, `None` if it refuses the value.
fn read(of: &Type, value: &Value) -> Option<String> {
    match of {
        Type::Small => value.as_u64().filter(|number| *number < 256).map(|_| String::new()),
        Type::Large => value.as_u64().filter(|number| *number <= u64::from(u32::MAX)).map(|_| String::new()),
        Type::Text => value.as_str().map(|_| String::new()),
        Type::Maybe(_) if value.is_null() => Some(String::new()),
        Type::Maybe(inner) => read(inner, value),
        Type::List(inner) => value.as_array()?.iter().map(|value| read(inner, value)).collect(),
        Type::Table(inner) => value.as_object()?.values().map(|value| read(inner, value)).collect(),
        Type::Record(record) => read_record(record, value, None),
        Type::Choice(Style::Untagged, variants) => variants
            .iter()
            .find_map(|(name, record)| Some(format!("{name}({})", read_record(record, value, None)?))),
        Type::Choice(Style::External, variants) => {
            let (name, value) = value.as_object().filter(|object| object.len() == 1)?.iter().next()?;
            Some(format!("{name}({})", read_record(variants.get(&**name)?, value, None)?))
        }
        Type::Choice(Style::Internal, variants) => {
            let name = value.as_object()?.get("t")?.as_str()?;
            Some(format!("{name}({})", read_record(variants.get(name)?, value, Some("t"))?))
        }
    }
}

fn read_record(record: &Record, value: &Value, tag: Option<&str>) -> Option<String> {
    let object = value.as_object()?;
    let known = |name: &&String| record.fields.contains_key(&***name) || Some(&***name) == tag;
    if record.strict && !object.keys().all(|name| known(&name)) {
        return None;
    }
    let fields = record.fields.iter().map(|(name, (field, required))| match object.get(*name) {
        Some(value) => read(field, value),
        None => (!required).then(String::new),
    });
    fields.collect()
}

#[test]
fn what_is_found_readable_is_read_as_it_was_meant() {
    let (mut agreeing, mut differing) = (0, 0);
    for seed in 0..3000 {
        let mut rng = Rng::with_seed(seed);
        let written = some_type(&mut rng, 4);
        let reader = changed(&mut rng, &written);
        let findings = readable(&schema(&written), &schema(&reader));
        if findings.iter().any(|finding| finding.problem != Problem::Dropped) {
            differing += 1;
            continue;
        }
        agreeing += usize::from(written != reader);
        for _ in 0..20 {
            let value = write(&mut rng, &written);
            let meant = read(&written, &value);
            let understood = read(&reader, &value);
            assert!(understood.is_some(), "seed {seed}: {value} of {written:?} is not read by {reader:?}");
            // An enum that is read as a map is read whole, and has no variants any more.
            let choices = |read: &Option<String>| read.iter().flat_map(|read| read.matches('(')).count();
            if findings.is_empty() && choices(&meant) == choices(&understood) {
                assert_eq!(understood, meant, "seed {seed}: {value} of {written:?}, read by {reader:?}");
            }
        }
    }
    assert!(agreeing > 300 && differing > 300, "{agreeing} agree and {differing} differ");
}

#[test]
fn a_type_reads_itself() {
    for seed in 0..1000 {
        let schema = schema(&some_type(&mut Rng::with_seed(seed), 5));
        assert_eq!(readable(&schema, &schema), [], "seed {seed}: {schema}");
    }
}
