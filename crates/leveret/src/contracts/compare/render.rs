use serde_json::Value;

use super::{
    document::Document,
    key::Key,
    shape::{List, Object, Others, Shape, Text, shapes},
};

/// How many characters of a form are shown, and how deep it is looked into.
const WIDTH: usize = 100;
const DEPTH: usize = 3;

/// A schema in a few words.
pub(super) fn schema(document: Document<'_>, schema: &Value) -> String {
    cut(within(document, schema, DEPTH))
}

/// A form in a few words.
pub(super) fn shape(document: Document<'_>, one: &Shape) -> String {
    cut(form(document, one, DEPTH))
}

/// A field in a few words.
pub(super) fn field(document: Document<'_>, object: &Object, name: &str) -> Option<String> {
    let schema = object.fields.get(name)?;
    let need = if object.required.contains(name) { "required" } else { "optional" };
    Some(format!("{need} {}", self::schema(document, schema)))
}

/// The place of a field: `$.card.number`, and `$["card no."]` where the name is none.
pub(super) fn step(place: &str, name: &str) -> String {
    if !name.is_empty()
        && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-')
    {
        format!("{place}.{name}")
    } else {
        format!("{place}[{name:?}]")
    }
}

fn within(document: Document<'_>, schema: &Value, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return "..".to_owned() };
    let forms: Vec<String> =
        shapes(document, schema).iter().map(|shape| form(document, shape, depth)).collect();
    if forms.is_empty() { "nothing".to_owned() } else { forms.join(" or ") }
}

fn form(document: Document<'_>, shape: &Shape, depth: usize) -> String {
    match shape {
        Shape::Anything => "anything".to_owned(),
        Shape::Null => "null".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Only(value) => value.to_string(),
        Shape::Integer(range) => range.to_string(),
        Shape::Number(range) => range.to_string(),
        Shape::Text(text) => self::text(text),
        Shape::List(list) => self::list(document, list, depth),
        Shape::Object(object) => self::object(document, object, depth),
        Shape::Unclear(schema) => schema.to_string(),
    }
}

fn text(text: &Text) -> String {
    let mut shown = "string".to_owned();
    if let Some(format) = &text.format {
        shown += &format!(" ({format})");
    }
    shown += &lengths(text.shortest, text.longest, "characters");
    if let Some(pattern) = &text.pattern {
        shown += &format!(" like {pattern}");
    }
    shown
}

fn list(document: Document<'_>, list: &List, depth: usize) -> String {
    let within = |schema| within(document, schema, depth);
    if !list.first.is_empty() {
        let first: Vec<String> = list.first.iter().map(within).collect();
        return format!("list ({})", first.join(", "));
    }
    let what = if list.unique { "set" } else { "list" };
    format!("{what} of {}{}", within(&list.items), lengths(list.shortest, list.longest, "items"))
}

fn lengths(shortest: u64, longest: u64, unit: &str) -> String {
    match (shortest, longest) {
        (0, u64::MAX) => String::new(),
        (shortest, longest) if shortest == longest => format!(" of {shortest} {unit}"),
        (shortest, u64::MAX) => format!(" of at least {shortest} {unit}"),
        (shortest, longest) => format!(" of {shortest} to {longest} {unit}"),
    }
}

fn object(document: Document<'_>, object: &Object, depth: usize) -> String {
    match (Key::of_object(document, object), &object.others) {
        (Key::Variant(name), _) => format!("variant {name}"),
        (Key::Tag(field, value), _) => format!("object with {field}={value:?}"),
        (_, Others::Read(schema)) if object.fields.is_empty() => {
            format!("map of {}", within(document, schema, depth))
        }
        (_, Others::Refused) => "object without further fields".to_owned(),
        _ => "object".to_owned(),
    }
}

fn cut(text: String) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}..", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
