use leveret::{
    contracts::{Description, Documents},
    topology::Layout,
};
use serde_json::json;

use crate::{golden, shop};

#[test]
fn the_flowchart_of_the_shop() {
    let chart = Documents::of(&shop::shop().describe()).mermaid();
    golden("shop.mmd", &chart);
    assert!(include_str!("../../docs/src/guide/documents.md").contains(&chart), "the book shows it");
}

#[test]
fn the_order_of_the_catalogue_does_not_matter() {
    let mut description = shop::shop().describe();
    let before = Documents::of(&description).mermaid();
    description.contracts.reverse();
    description.endpoints.reverse();
    assert_eq!(Documents::of(&description).mermaid(), before);
}

/// Names that Mermaid would take for something else.
#[test]
fn the_flowchart_of_odd_names() {
    let route = |message: &str, topic: &str| json!({ "handler": "h", "kind": "event", "message": message, "address": "a", "topic": topic });
    let description: Description = serde_json::from_value(json!({
        "title": "odd",
        "endpoints": [
            { "name": "end", "routes": [route("A", "*.*"), route("B", "#")] },
            { "name": "a-->b", "routes": [route("C", "\"x\" | <b>&amp;</b>")] },
            { "name": "a---b", "routes": [route("D", "`*bold*` _it_ [a](b) ~~c~~ \\")] },
            { "name": "%% graph; a\nb", "routes": [] },
        ],
        "contracts": [{
            "name": "E", "rust_type": "E", "kind": "event", "address": "e", "owner": "end", "schema": true
        }],
    }))
    .unwrap();
    let layout = Layout::default()
        .direct_exchange("direct \"exchange\"")
        .topic_exchange("1. topic")
        .error_queue_name("- error");
    golden("odd.mmd", &Documents::of(&description).layout(layout).mermaid());
}
