use serde_json::Value;

use super::{
    document::Document,
    render,
    shape::{Object, Others, Shape, shapes},
};

/// By what a reader tells one form of a value from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// The value itself: a variant without data, of an enum that is not tagged inside.
    Value(String),
    /// The name of the only field: a variant as serde writes it unless told otherwise.
    Variant(String),
    /// A field with a value of its own: a variant of an enum with a tag.
    Tag(String, String),
    /// No more than its JSON type.
    Type(&'static str),
}

impl Key {
    pub(super) fn of(document: Document<'_>, shape: &Shape) -> Self {
        match shape {
            Shape::Only(value) => Self::Value(value.to_string()),
            Shape::Null => Self::Type("null"),
            Shape::Boolean => Self::Type("boolean"),
            Shape::Integer(_) | Shape::Number(_) => Self::Type("number"),
            Shape::Text(_) => Self::Type("string"),
            Shape::List(_) => Self::Type("list"),
            Shape::Object(object) => Self::of_object(document, object),
            Shape::Anything | Shape::Unclear(_) => Self::Type("anything"),
        }
    }

    pub(super) fn of_object(document: Document<'_>, object: &Object) -> Self {
        let mut names = object.fields.keys().filter(|name| object.required.contains(*name));
        if let (Some(name), 1, Others::Refused) = (names.next(), object.fields.len(), &object.others) {
            return Self::Variant(name.clone());
        }
        let tag = object.fields.iter().filter(|(name, _)| object.required.contains(*name)).find_map(
            |(name, schema)| match &shapes(document, schema)[..] {
                [Shape::Only(Value::String(value))] => Some(Self::Tag(name.clone(), value.clone())),
                _ => None,
            },
        );
        tag.unwrap_or(Self::Type("object"))
    }

    /// Where such a form stands, for people.
    pub(super) fn place(&self, path: &str) -> String {
        match self {
            Self::Value(value) => format!("{path} = {value}"),
            Self::Variant(name) => render::step(path, name),
            Self::Tag(field, value) => format!("{path}[{field}={value:?}]"),
            Self::Type(_) => path.to_owned(),
        }
    }

    /// Where its fields stand: that of a variant is named by the object that it is.
    pub(super) fn inside(&self, path: &str) -> String {
        match self {
            Self::Tag(..) => self.place(path),
            _ => path.to_owned(),
        }
    }
}

/// Whether a reader cannot take one of these forms for another: then each can be looked at by itself.
pub(super) fn told_apart(keys: &[Key]) -> bool {
    let twice =
        keys.iter().enumerate().any(|(index, key)| keys.iter().skip(index + 1).any(|other| other == key));
    let has = |kind: &'static str| keys.contains(&Key::Type(kind));
    let texts = keys.iter().any(|key| matches!(key, Key::Value(value) if value.starts_with('"')));
    let objects = keys.iter().any(|key| matches!(key, Key::Variant(_) | Key::Tag(..)));
    let vague = has("anything") && keys.len() > 1;
    !(twice || vague || has("string") && texts || has("object") && objects)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn forms_are_told_apart_by_type_or_tag() {
        let tagged = |tag: &str| json!({ "type": "object", "properties": { "t": { "const": tag } }, "required": ["t"] });
        let variant = |name: &str| json!({ "type": "object", "properties": { name: true }, "required": [name], "additionalProperties": false });
        let object = json!({ "type": "object", "properties": { "x": true } });
        for (forms, apart) in [
            (json!([{ "type": "integer" }, { "type": "string" }, object]), true),
            (json!([{ "enum": ["a", "b"] }, variant("C"), variant("D"), { "type": "null" }]), true),
            (json!([tagged("a"), tagged("b")]), true),
            (json!([object, object]), false),
            (json!([tagged("a"), object]), false),
            (json!([{ "type": "integer" }, { "type": "number" }]), false),
            (json!([{ "enum": ["a"] }, { "type": "string" }]), false),
            (json!([true, { "type": "string" }]), false),
            (json!([true]), true),
        ] {
            let schema = json!({ "anyOf": forms });
            let document = Document { root: &schema };
            let keys: Vec<_> =
                shapes(document, &schema).iter().map(|shape| Key::of(document, shape)).collect();
            assert_eq!(told_apart(&keys), apart, "{forms}: {keys:?}");
        }
    }
}
