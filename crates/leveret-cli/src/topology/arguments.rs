use std::collections::BTreeSet;

use leveret::headers::{self, Headers};
use serde_json::Value;

use crate::management;

/// The arguments that a queue has otherwise than it is declared, each with both values.
pub(super) fn differing(planned: &Headers, found: &management::Queue) -> Vec<String> {
    let mut names: BTreeSet<&str> = planned.iter().map(|(name, _)| name).collect();
    names.extend(found.arguments.as_object().into_iter().flatten().map(|(name, _)| name.as_str()));
    let compared = names.into_iter().filter_map(|name| {
        let (wanted, is) = (planned.get(name), found.arguments.get(name));
        // A broker may write down the type that it has chosen itself.
        let by_default = name == "x-queue-type" && wanted.is_none() && is == Some(&Value::from("classic"));
        if by_default || alike(wanted, is) {
            return None;
        }
        let is = is.map_or_else(|| "is not set".to_owned(), |is| format!("is {is}"));
        let wanted =
            wanted.map_or_else(|| "does not set it".to_owned(), |wanted| format!("wants {}", shown(wanted)));
        Some(format!("{name} {is}, and the endpoint {wanted}"))
    });
    compared.collect()
}

/// Whether AMQP's value is what the management API writes for it.
fn alike(wanted: Option<&headers::Value>, is: Option<&Value>) -> bool {
    match (wanted, is) {
        (None, None) => true,
        (Some(headers::Value::Text(wanted)), Some(Value::String(is))) => wanted == is,
        (Some(headers::Value::Bool(wanted)), Some(Value::Bool(is))) => wanted == is,
        (Some(wanted), Some(Value::Number(is))) => {
            wanted.as_integer().is_some() && wanted.as_integer() == is.as_i64()
        }
        _ => false,
    }
}

/// A value as the management API would write it.
pub(super) fn shown(value: &headers::Value) -> String {
    match value {
        headers::Value::Text(text) => Value::from(text.as_str()).to_string(),
        value => value.to_text().unwrap_or_else(|| format!("{value:?}")),
    }
}
