use serde_json::{Value, json};

use super::changes;

/// A field `f` of this schema, in an object.
fn field(schema: &Value, required: bool) -> Value {
    let required: &[&str] = if required { &["f"] } else { &[] };
    json!({ "type": "object", "properties": { "f": schema }, "required": required })
}

#[test]
fn fields_come_and_go() {
    let (text, none) = (json!({ "type": "string" }), json!({ "type": "object" }));
    let closed = |schema: Value| {
        let mut schema = schema;
        schema["additionalProperties"] = json!(false);
        schema
    };
    let (optional, required) = (field(&text, false), field(&text, true));
    for (old, new, expected) in [
        (&none, &optional, vec!["+ $.f: - -> optional string"]),
        (&none, &required, vec!["! $.f: - -> required string"]),
        (&optional, &none, vec!["! $.f: optional string -> -"]),
        (&required, &none, vec!["! $.f: required string -> -"]),
        (&optional, &required, vec!["! $.f: optional string -> required string"]),
        (&required, &optional, vec!["! $.f: required string -> optional string"]),
        (&required, &required, vec![]),
        // Who refuses unknown fields refuses what newer senders say.
        (&closed(none.clone()), &optional, vec!["! $.f: - -> optional string"]),
        (&closed(optional.clone()), &optional, vec![]),
        (&optional, &closed(optional.clone()), vec![]),
    ] {
        assert_eq!(changes(old, new), expected, "{old} -> {new}");
    }
}

#[test]
fn any_other_type_is_a_break_in_one_direction() {
    let (text, uuid) = (json!({ "type": "string" }), json!({ "type": "string", "format": "uuid" }));
    let (small, large) =
        (json!({ "type": "integer", "format": "uint8" }), json!({ "type": "integer", "format": "uint16" }));
    let (float, double) =
        (json!({ "type": "number", "format": "float" }), json!({ "type": "number", "format": "double" }));
    let maybe = json!({ "type": ["string", "null"] });
    let list = |items: &Value| json!({ "type": "array", "items": items });
    let map = |values: &Value| json!({ "type": "object", "additionalProperties": values });
    for (old, new, expected) in [
        (&text, &small, vec!["! $.f: string -> integer from 0 to 255"]),
        (&small, &large, vec!["! $.f: integer from 0 to 255 -> integer from 0 to 65535"]),
        (&float, &double, vec!["! $.f: number (float) -> number (double)"]),
        (&small, &double, vec!["! $.f: integer from 0 to 255 -> number (double)"]),
        (&text, &uuid, vec!["! $.f: string -> string (uuid)"]),
        (&text, &maybe, vec!["! $.f: - -> null"]),
        (&json!(true), &text, vec!["! $.f: anything -> string"]),
        (&list(&text), &list(&small), vec!["! $.f[*]: string -> integer from 0 to 255"]),
        (
            &list(&text),
            &json!({ "type": "array", "items": text, "uniqueItems": true }),
            vec!["! $.f: list -> set"],
        ),
        (&map(&text), &map(&small), vec!["! $.f.*: string -> integer from 0 to 255"]),
        (&text, &json!({ "type": "string", "pattern": "^a" }), vec!["! $.f: string -> string like ^a"]),
    ] {
        for (old, new) in [(old, new), (new, old)] {
            let found = changes(&field(old, true), &field(new, true));
            assert!(found.len() == 1 && found[0].starts_with("! "), "{old} -> {new}: {found:?}");
        }
        assert_eq!(changes(&field(old, true), &field(new, true)), expected, "{old} -> {new}");
        assert_eq!(changes(&field(old, true), &field(old, true)), [""; 0], "{old}");
    }
}

#[test]
fn odd_names_are_quoted() {
    let with = |schema: Value| json!({ "type": "object", "properties": { "card no.": schema } });
    let (text, flag) = (json!({ "type": "string" }), json!({ "type": "boolean" }));
    assert_eq!(changes(&with(text), &with(flag)), ["! $[\"card no.\"]: string -> boolean"]);
}

#[test]
fn a_map_may_come_and_must_not_go() {
    let (object, map) =
        (json!({ "type": "object" }), json!({ "type": "object", "additionalProperties": true }));
    assert_eq!(changes(&object, &map), ["+ $.*: - -> any fields: anything"]);
    assert_eq!(changes(&map, &object), ["! $.*: any fields: anything -> -"]);
}

#[test]
fn what_is_not_understood_must_be_equal() {
    let odd = |number: u8| json!({ "type": "integer", "multipleOf": number });
    assert_eq!(changes(&odd(2), &odd(2)), [""; 0]);
    assert_eq!(changes(&odd(2), &odd(3)).len(), 1);
    let referring =
        |kind: &str| json!({ "not": { "$ref": "#/$defs/X" }, "$defs": { "X": { "type": kind } } });
    assert_eq!(changes(&referring("null"), &referring("null")), [""; 0]);
    assert_eq!(changes(&referring("null"), &referring("string")).len(), 1);
}

#[test]
fn what_contains_itself_ends() {
    let tree = |leaf: &str| {
        json!({ "$ref": "#/$defs/Tree", "$defs": { "Tree": { "type": "object", "properties": {
            "leaf": { "type": leaf },
            "left": { "anyOf": [{ "$ref": "#/$defs/Tree" }, { "type": "null" }] },
            "right": { "anyOf": [{ "$ref": "#/$defs/Tree" }, { "type": "null" }] },
        } } } })
    };
    assert_eq!(changes(&tree("string"), &tree("string")), [""; 0]);
    assert_eq!(changes(&tree("string"), &tree("boolean")), ["! $.leaf: string -> boolean"]);
    let endless = json!({ "$ref": "#/$defs/A", "$defs": { "A": { "$ref": "#/$defs/A" } } });
    assert_eq!(changes(&endless, &endless), [""; 0]);
}

#[test]
fn words_about_a_schema_do_not_count() {
    let plain = field(&json!({ "type": "string" }), true);
    let mut told =
        field(&json!({ "type": "string", "description": "d", "examples": ["e"], "default": "" }), true);
    told["title"] = json!("Other");
    assert_eq!(changes(&plain, &told), [""; 0]);
}
