use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use crate::contracts::DescribedContract;

/// Where a file has the facts that a schema has no word for.
const FACTS: &str = "x-leveret";

/// What a name on the wire and the name of a file have in common.
const ODD: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// The name of a contract's file.
pub(super) fn name(contract: &DescribedContract) -> String {
    format!("{}.json", utf8_percent_encode(&contract.name, ODD))
}

/// A contract as the text of its file. Its keys are sorted, so that only a change changes it.
pub(super) fn text(contract: &DescribedContract) -> String {
    let mut facts = json!(contract);
    let mut schema = match facts.as_object_mut().and_then(|facts| facts.remove("schema")) {
        Some(Value::Object(schema)) => schema,
        Some(Value::Bool(false)) => Map::from_iter([("not".to_owned(), json!({}))]),
        _ => Map::new(),
    };
    // Where a type stands in the code is nobody's business on the wire.
    facts.as_object_mut().and_then(|facts| facts.remove("rust_type"));
    schema.insert(FACTS.to_owned(), facts);
    let mut text = serde_json::to_string_pretty(&sorted(Value::Object(schema))).unwrap_or_default();
    text.push('\n');
    text
}

/// A contract out of the text of its file.
///
/// # Errors
/// A sentence that says what is wrong with the text.
pub(super) fn contract(text: &str) -> Result<DescribedContract, String> {
    let mut schema: Map<String, Value> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let Some(Value::Object(mut facts)) = schema.remove(FACTS) else {
        return Err(format!(
            "it has no object `{FACTS}`, so it is not the snapshot of a contract: keep it elsewhere"
        ));
    };
    facts.insert("rust_type".to_owned(), Value::String(String::new()));
    facts.insert("schema".to_owned(), Value::Object(schema));
    serde_json::from_value(Value::Object(facts)).map_err(|error| format!("`{FACTS}`: {error}"))
}

/// With the keys of all objects in order: another crate may have switched serde_json to keep them as they come.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_schema_and_the_facts() {
        let described = json!({
            "name": "shop/Placed", "rust_type": "", "kind": "event", "address": "orders.placed", "also": ["Ordered"],
            "mandatory": false, "schema": { "type": "object", "required": ["b", "a"] }
        });
        let described: DescribedContract = serde_json::from_value(described).unwrap();
        assert_eq!(name(&described), "shop%2FPlaced.json");
        let text = text(&described);
        assert_eq!(contract(&text).unwrap(), described);
        let written: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written["required"], json!(["b", "a"]));
        assert_eq!(written[FACTS]["address"], "orders.placed");
    }

    #[test]
    fn what_is_no_contract_is_told() {
        for (text, part) in [
            ("<<<<<<< HEAD", "expected value"),
            ("[]", "expected a map"),
            ("{}", "keep it elsewhere"),
            (r#"{"x-leveret":{"kind":"event"}}"#, "missing field `name`"),
            (r#"{"x-leveret":{"name":"A","kind":"wish"}}"#, "unknown variant `wish`"),
        ] {
            let error = contract(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
