use serde_json::{Map, Value, json};

/// Keywords whose value is a schema, or in older drafts a list of schemas.
const SCHEMA: [&str; 9] = [
    "items",
    "additionalItems",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
];
/// Keywords whose value is a list of schemas.
const LIST: [&str; 3] = ["allOf", "anyOf", "oneOf"];
/// Keywords whose value has a schema under each name.
const NAMED: [&str; 4] = ["properties", "patternProperties", "definitions", "dependencies"];
/// What stands in the head of a schema, and what draft-07 has no word for. Without it the schema accepts more.
const DROPPED: [&str; 6] =
    ["$schema", "$id", "$defs", "unevaluatedProperties", "unevaluatedItems", "contentSchema"];

/// A schema of draft 2020-12 in the words of draft-07, which AsyncAPI speaks, with other references.
///
/// What is data and no schema (`const`, `enum`, `default`, `examples`) stays as it is.
pub(super) fn draft07(schema: &Value, refer: &dyn Fn(&str) -> String) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let each = |schemas: &Value| match schemas {
        Value::Array(schemas) => schemas.iter().map(|schema| draft07(schema, refer)).collect(),
        schema => draft07(schema, refer),
    };
    let mut converted = Map::new();
    for (keyword, value) in keywords {
        match keyword.as_str() {
            dropped if DROPPED.contains(&dropped) => {}
            "$ref" => {}
            "prefixItems" => {
                converted.insert("items".to_owned(), each(value));
            }
            // Beside `prefixItems` it says what comes behind those.
            "items" if keywords.contains_key("prefixItems") => {
                converted.insert("additionalItems".to_owned(), each(value));
            }
            "dependentRequired" | "dependentSchemas" => {
                let dependencies = converted.entry("dependencies").or_insert_with(|| json!({}));
                if let (Value::Object(into), Value::Object(named)) = (dependencies, value) {
                    into.extend(named.iter().map(|(name, value)| (name.clone(), draft07(value, refer))));
                }
            }
            one if SCHEMA.contains(&one) || LIST.contains(&one) => {
                converted.insert(keyword.clone(), each(value));
            }
            named if NAMED.contains(&named) => {
                let named = value.as_object().into_iter().flatten();
                let named = named.map(|(name, value)| (name.clone(), draft07(value, refer)));
                converted.insert(keyword.clone(), Value::Object(named.collect()));
            }
            _ => {
                converted.insert(keyword.clone(), value.clone());
            }
        }
    }
    with_reference(converted, keywords.get("$ref").and_then(Value::as_str).map(refer))
}

/// Draft-07 ignores whatever stands beside a reference.
fn with_reference(mut schema: Map<String, Value>, reference: Option<String>) -> Value {
    let Some(reference) = reference.map(|target| json!({ "$ref": target })) else { return schema.into() };
    if schema.is_empty() {
        return reference;
    }
    match schema.get_mut("allOf") {
        Some(Value::Array(all)) => all.push(reference),
        _ => {
            schema.insert("allOf".to_owned(), json!([reference]));
        }
    }
    schema.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_draft_07() {
        let refer = |reference: &str| reference.replace("#/$defs", "#/components/schemas");
        for (schema, expected) in [
            (json!(true), json!(true)),
            (
                json!({"$schema": "s", "$id": "i", "$defs": {}, "type": "object", "unevaluatedProperties": false}),
                json!({"type": "object"}),
            ),
            (json!({"$ref": "#/$defs/A"}), json!({"$ref": "#/components/schemas/A"})),
            (
                json!({"$ref": "#/$defs/A", "description": "d", "default": {"$ref": "data"}}),
                json!({
                    "description": "d", "default": {"$ref": "data"}, "allOf": [{"$ref": "#/components/schemas/A"}]
                }),
            ),
            (
                json!({"prefixItems": [{"$ref": "#/$defs/A"}], "items": false, "minItems": 1}),
                json!({"items": [{"$ref": "#/components/schemas/A"}], "additionalItems": false, "minItems": 1}),
            ),
            (json!({"items": {"$ref": "#/$defs/A"}}), json!({"items": {"$ref": "#/components/schemas/A"}})),
            // Properties may have any name.
            (
                json!({"properties": {"$ref": {"type": "string"}, "$defs": true, "prefixItems": {"const": 1}}}),
                json!({"properties": {"$ref": {"type": "string"}, "$defs": true, "prefixItems": {"const": 1}}}),
            ),
            (
                json!({"oneOf": [{"$ref": "#/$defs/A"}, {"enum": [{"$id": 1}]}]}),
                json!({"oneOf": [{"$ref": "#/components/schemas/A"}, {"enum": [{"$id": 1}]}]}),
            ),
            (
                json!({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"$ref": "#/$defs/A"}}}),
                json!({"dependencies": {"a": ["b"], "c": {"$ref": "#/components/schemas/A"}}}),
            ),
        ] {
            assert_eq!(draft07(&schema, &refer), expected, "{schema}");
        }
    }
}
