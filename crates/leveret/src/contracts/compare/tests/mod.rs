mod facts;
mod schemas;
mod soundness;
mod types;

use serde_json::{Value, json};

use super::{Change, compare};
use crate::contracts::{DescribedContract, Description};

/// A command to `billing`, with this schema.
fn command(schema: &Value) -> DescribedContract {
    contract(json!({ "name": "Charge", "kind": "command", "address": "billing", "schema": schema }))
}

fn contract(mut facts: Value) -> DescribedContract {
    let defaults = [("rust_type", json!("a::B")), ("schema", json!(true))];
    for (key, value) in defaults {
        facts.as_object_mut().unwrap().entry(key).or_insert(value);
    }
    serde_json::from_value(facts).unwrap()
}

fn now(contracts: Vec<DescribedContract>) -> Description {
    Description { contracts, ..Description::new("shop") }
}

/// The changes of a command whose schema changes, each as `+` or `!`, its place, and what was and is.
fn changes(old: &Value, new: &Value) -> Vec<String> {
    compare(&[command(old)], &now(vec![command(new)])).iter().map(short).collect()
}

fn short(change: &Change) -> String {
    let sign = if change.is_breaking() { '!' } else { '+' };
    let shown = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
    format!("{sign} {}: {} -> {}", change.place, shown(&change.old), shown(&change.new))
}
