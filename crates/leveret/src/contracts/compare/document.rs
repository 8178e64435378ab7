use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// What says nothing about which messages are read.
const ANNOTATIONS: [&str; 12] = [
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// How many references may lead to one another.
const DEPTH: usize = 32;

/// A JSON Schema, and what its references mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) root: &'a Value,
}

impl Document<'_> {
    /// A schema as one level of keywords: what it refers to and all of its `allOf` are put into it, and annotations left
    /// out. `None` when the parts do not go together.
    pub(super) fn flat(&self, schema: &Value) -> Option<Map<String, Value>> {
        self.flat_within(schema, DEPTH)
    }

    fn flat_within(&self, schema: &Value, depth: usize) -> Option<Map<String, Value>> {
        let depth = depth.checked_sub(1)?;
        let mut flat = match schema {
            Value::Bool(true) => Map::new(),
            Value::Object(map) => map.clone(),
            _ => return None,
        };
        flat.retain(|key, _| !ANNOTATIONS.contains(&key.as_str()) && !key.starts_with("x-"));
        let reference = flat.remove("$ref");
        if let Some(reference) = reference {
            let target = self.target(reference.as_str()?)?;
            flat = join(flat, self.flat_within(target, depth)?)?;
        }
        match flat.remove("allOf") {
            None => Some(flat),
            Some(Value::Array(parts)) => {
                parts.iter().try_fold(flat, |flat, part| join(flat, self.flat_within(part, depth)?))
            }
            Some(_) => None,
        }
    }

    fn target(&self, reference: &str) -> Option<&Value> {
        let pointer = percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
        self.root.pointer(&pointer)
    }
}

/// Both sets of keywords at once. `None` when they are about the same and do not say the same.
pub(super) fn join(mut one: Map<String, Value>, other: Map<String, Value>) -> Option<Map<String, Value>> {
    for (key, value) in other {
        let Some(known) = one.get_mut(&key) else {
            one.insert(key, value);
            continue;
        };
        match (key.as_str(), known, value) {
            (_, known, value) if *known == value => {}
            ("properties", Value::Object(known), Value::Object(more)) => *known = join(known.clone(), more)?,
            ("required", Value::Array(known), Value::Array(more)) => known.extend(more),
            _ => return None,
        }
    }
    Some(one)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_and_all_of_are_put_in() {
        let root = json!({
            "title": "Root", "type": "object",
            "$defs": { "a/b": { "type": "string", "x-y": 1 }, "loop": { "$ref": "#/$defs/loop" } }
        });
        let document = Document { root: &root };
        for (schema, flat) in [
            (json!(true), Some(json!({}))),
            (json!({ "$ref": "#/$defs/a~1b", "description": "d" }), Some(json!({ "type": "string" }))),
            (json!({ "$ref": "#" }), Some(json!({ "type": "object" }))),
            (json!({ "$ref": "#/$defs/loop" }), None),
            (json!({ "$ref": "#/$defs/gone" }), None),
            (json!({ "$ref": "https://elsewhere" }), None),
            (
                json!({
                    "required": ["a"], "properties": { "a": true },
                    "allOf": [{ "required": ["b"], "properties": { "a": true, "b": {} } }]
                }),
                Some(json!({ "required": ["a", "b"], "properties": { "a": true, "b": {} } })),
            ),
            (json!({ "type": "string", "allOf": [{ "type": "null" }] }), None),
        ] {
            assert_eq!(document.flat(&schema).map(Value::Object), flat, "{schema}");
        }
    }
}
