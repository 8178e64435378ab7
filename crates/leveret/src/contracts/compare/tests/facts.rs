use serde_json::{Value, json};

use super::{contract, now, short};
use crate::contracts::{DescribedContract, DescribedEndpoint, compare};

fn event(facts: Value) -> DescribedContract {
    let mut all = json!({ "name": "Placed", "kind": "event", "address": "orders.placed" });
    all.as_object_mut().unwrap().extend(facts.as_object().unwrap().clone());
    contract(all)
}

fn shipping() -> DescribedEndpoint {
    let route = json!({ "handler": "h", "kind": "event", "message": "Placed", "address": "orders.placed", "topic": "orders.*" });
    serde_json::from_value(json!({ "name": "shipping", "routes": [route] })).unwrap()
}

#[test]
fn facts_of_a_contract() {
    let plain = event(json!({}));
    for (old, new, expected) in [
        (plain.clone(), plain.clone(), vec![]),
        (
            plain.clone(),
            event(json!({ "address": "orders.new" })),
            vec!["! topic: orders.placed -> orders.new"],
        ),
        (
            plain.clone(),
            event(json!({ "kind": "command", "address": "shop" })),
            vec!["! kind: an event -> a command"],
        ),
        (plain.clone(), event(json!({ "mandatory": false })), vec!["+ mandatory: true -> false"]),
        (event(json!({ "mandatory": false })), plain.clone(), vec!["! mandatory: false -> true"]),
        (plain.clone(), event(json!({ "owner": "shop" })), vec!["! owner: - -> shop"]),
        (event(json!({ "owner": "shop" })), plain.clone(), vec!["+ owner: shop -> -"]),
        (plain.clone(), event(json!({ "also": ["Ordered"] })), vec!["+ also: - -> Ordered"]),
        (event(json!({ "also": ["Ordered"] })), plain.clone(), vec!["! also: Ordered -> -"]),
        (
            plain.clone(),
            event(json!({ "name": "Bought", "also": ["Placed"] })),
            vec!["! name: Placed -> Bought"],
        ),
        (
            event(json!({ "also": ["Bought"] })),
            event(json!({ "name": "Bought", "also": ["Placed"] })),
            vec!["+ name: Placed -> Bought"],
        ),
        (
            plain.clone(),
            event(json!({ "name": "Bought" })),
            vec![
                "! contract: an event on `orders.placed` -> -",
                "+ contract: - -> an event on `orders.placed`",
            ],
        ),
    ] {
        let changes = compare(&[old], &now(vec![new.clone()]));
        assert_eq!(changes.iter().map(short).collect::<Vec<_>>(), expected, "{new:?}");
    }
}

#[test]
fn promised_replies() {
    let command = |reply: Value| {
        contract(json!({ "name": "Charge", "kind": "command", "address": "billing", "reply": reply }))
    };
    let renamed = contract(json!({ "name": "Paid", "kind": "reply", "also": ["Receipt"] }));
    for (old, new, expected) in [
        (json!("Receipt"), json!(null), vec!["! reply: Receipt -> -"]),
        (json!(null), json!("Receipt"), vec!["! reply: - -> Receipt"]),
        (json!("Receipt"), json!("Other"), vec!["! reply: Receipt -> Other"]),
        (json!("Receipt"), json!("Paid"), vec![]),
    ] {
        let changes = compare(&[command(old), renamed.clone()], &now(vec![command(new), renamed.clone()]));
        assert_eq!(changes.iter().map(short).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn it_is_told_who_notices() {
    let with = |field: Value, required: Value| {
        event(
            json!({ "schema": { "type": "object", "properties": { "carrier": field }, "required": required } }),
        )
    };
    let old = with(json!({ "type": "string" }), json!(["carrier"]));
    let mut now = now(vec![with(json!({ "type": "string" }), json!([]))]);
    now.endpoints.push(shipping());
    let shown: Vec<_> = compare(&[old], &now).iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        ["breaking: `Placed` $.carrier: was required string, is optional string\n    \
          subscribers built before it (`shipping` by `orders.*`) cannot read what is published now: it needs this \
          field, which may be missing; deploy all subscribers first"]
    );
}
