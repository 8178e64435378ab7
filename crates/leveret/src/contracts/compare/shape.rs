use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    document::{Document, join},
    number::{Integers, Numbers},
};

/// One of the forms that a value may have. What is inside of it is still a schema.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Anything,
    Null,
    Boolean,
    /// Exactly this value.
    Only(Value),
    Integer(Integers),
    Number(Numbers),
    Text(Text),
    List(List),
    Object(Object),
    /// Says something that is not understood here.
    Unclear(Value),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    pub(super) format: Option<String>,
    pub(super) pattern: Option<String>,
    /// In characters.
    pub(super) shortest: u64,
    pub(super) longest: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct List {
    /// What stands at the first places.
    pub(super) first: Vec<Value>,
    /// What stands at all others.
    pub(super) items: Value,
    pub(super) shortest: u64,
    pub(super) longest: u64,
    /// A set: what is there twice counts once.
    pub(super) unique: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Object {
    pub(super) fields: BTreeMap<String, Value>,
    pub(super) required: BTreeSet<String>,
    /// Fields by a pattern of their names, as maps with numbers for keys have them.
    pub(super) patterns: BTreeMap<String, Value>,
    pub(super) others: Others,
}

/// What becomes of fields that are not declared.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Others {
    Ignored,
    Refused,
    /// A map: each is read by this schema.
    Read(Value),
}

/// How deep alternatives may stand in alternatives.
const DEPTH: usize = 16;

const KEYWORDS: [&str; 17] = [
    "additionalProperties",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "required",
    "type",
    "unevaluatedProperties",
    "uniqueItems",
];

/// The forms that a value may have by a schema.
pub(super) fn shapes(document: Document<'_>, schema: &Value) -> Vec<Shape> {
    if *schema == Value::Bool(false) {
        return Vec::new();
    }
    match document.flat(schema) {
        Some(flat) => split(document, flat, DEPTH),
        None => vec![Shape::Unclear(schema.clone())],
    }
}

fn split(document: Document<'_>, mut flat: Map<String, Value>, depth: usize) -> Vec<Shape> {
    let unclear = |flat: Map<String, Value>| vec![Shape::Unclear(Value::Object(flat))];
    let Some(depth) = depth.checked_sub(1) else { return unclear(flat) };
    if flat.contains_key("oneOf") && flat.contains_key("anyOf") {
        return unclear(flat);
    }
    if let Some(Value::Array(branches)) = flat.remove("oneOf").or_else(|| flat.remove("anyOf")) {
        let joined = |branch| document.flat(branch).and_then(|branch| join(flat.clone(), branch));
        let shapes = branches.iter().flat_map(|branch| match joined(branch) {
            Some(whole) => split(document, whole, depth),
            None => vec![Shape::Unclear(branch.clone())],
        });
        return shapes.collect();
    }
    if let Some(value) = flat.remove("const") {
        return vec![Shape::Only(value)];
    }
    if let Some(Value::Array(values)) = flat.remove("enum") {
        return values.into_iter().map(Shape::Only).collect();
    }
    match flat.get("type").cloned() {
        Some(Value::Array(types)) => types.iter().map(|kind| single(kind.as_str(), &flat)).collect(),
        Some(Value::String(kind)) => vec![single(Some(&kind), &flat)],
        None if flat.is_empty() => vec![Shape::Anything],
        _ => unclear(flat),
    }
}

/// The form of one JSON type.
fn single(kind: Option<&str>, flat: &Map<String, Value>) -> Shape {
    if flat.keys().any(|key| !KEYWORDS.contains(&key.as_str())) {
        return Shape::Unclear(Value::Object(flat.clone()));
    }
    let text = |key: &str| flat.get(key).and_then(Value::as_str).map(Into::into);
    let count = |key: &str, otherwise| flat.get(key).and_then(Value::as_u64).unwrap_or(otherwise);
    let schemas = |key: &str| match flat.get(key) {
        Some(Value::Object(map)) => map.clone().into_iter().collect(),
        _ => BTreeMap::new(),
    };
    match kind {
        Some("null") => Shape::Null,
        Some("boolean") => Shape::Boolean,
        Some("integer") => Shape::Integer(Integers::of(flat)),
        Some("number") => Shape::Number(Numbers::of(flat)),
        Some("string") => Shape::Text(Text {
            format: text("format"),
            pattern: text("pattern"),
            shortest: count("minLength", 0),
            longest: count("maxLength", u64::MAX),
        }),
        Some("array") => Shape::List(List {
            first: flat.get("prefixItems").and_then(Value::as_array).cloned().unwrap_or_default(),
            items: flat.get("items").cloned().unwrap_or(Value::Bool(true)),
            shortest: count("minItems", 0),
            longest: count("maxItems", u64::MAX),
            unique: flat.get("uniqueItems") == Some(&Value::Bool(true)),
        }),
        Some("object") => Shape::Object(Object {
            fields: schemas("properties"),
            required: names(flat.get("required")),
            patterns: schemas("patternProperties"),
            // All parts of the schema are in one level here, so that both words mean the same.
            others: match flat.get("additionalProperties").or_else(|| flat.get("unevaluatedProperties")) {
                None => Others::Ignored,
                Some(Value::Bool(false)) => Others::Refused,
                Some(schema) => Others::Read(schema.clone()),
            },
        }),
        _ => Shape::Unclear(Value::Object(flat.clone())),
    }
}

fn names(list: Option<&Value>) -> BTreeSet<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|name| name.as_str().map(Into::into)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_has_its_forms() {
        let root = json!({ "$defs": { "In": { "type": "object", "required": ["x"], "properties": { "x": true } } } });
        let document = Document { root: &root };
        let only = |value: &str| Shape::Only(value.into());
        for (schema, expected) in [
            (json!(true), vec![Shape::Anything]),
            (json!(false), vec![]),
            (json!({ "type": "string", "enum": ["a", "b"] }), vec![only("a"), only("b")]),
            (
                json!({ "oneOf": [{ "enum": ["a"] }, { "const": "b", "description": "d" }] }),
                vec![only("a"), only("b")],
            ),
            (json!({ "type": ["boolean", "null"] }), vec![Shape::Boolean, Shape::Null]),
        ] {
            assert_eq!(shapes(document, &schema), expected, "{schema}");
        }
        let tagged = json!({ "oneOf": [
            { "type": "object", "properties": { "t": { "const": "N" } }, "$ref": "#/$defs/In", "required": ["t"] }
        ], "required": ["y"], "properties": { "y": {} } });
        let [Shape::Object(object)] = &shapes(document, &tagged)[..] else { panic!() };
        assert_eq!(object.required.iter().collect::<Vec<_>>(), ["t", "x", "y"]);
        assert_eq!(object.fields.len(), 3);
        for odd in [
            json!({ "not": {} }),
            json!({ "type": "integer", "multipleOf": 2 }),
            json!(7),
            json!({ "oneOf": [], "anyOf": [] }),
        ] {
            assert!(matches!(shapes(document, &odd)[..], [Shape::Unclear(_)]), "{odd}");
        }
    }
}
