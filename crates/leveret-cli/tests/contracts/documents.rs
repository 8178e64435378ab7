use std::fs;

use serde_json::{Value, json};

use crate::shop::Shop;

#[test]
fn documents_of_a_package() {
    let shop = Shop::new();
    let document = shop.run("contracts asyncapi").ends_with_code(0).out;
    assert!(document.ends_with("}\n"), "{document}");
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["info"]["title"], "web-shop");
    assert_eq!(document["operations"]["receive.billing.charge"]["action"], "receive");

    let line = "contracts asyncapi --topic events --prefix Shop. --out asyncapi.json";
    assert_eq!(shop.run(line).ends_with_code(0).out, "");
    let document = fs::read_to_string(shop.path("asyncapi.json")).unwrap();
    assert!(document.contains("\"events\"") && document.contains("\"Shop.MessageId\""), "{document}");
    shop.run("contracts asyncapi --out /nowhere/x").ends_with_code(2).says(&["cannot write /nowhere/x"]);

    let chart = shop.run("contracts mermaid").ends_with_code(0).out;
    assert!(chart.starts_with("flowchart LR\n"), "{chart}");
    assert!(chart.contains("topic -->|\"orders.#42;\"| queue_shipping"), "{chart}");

    shop.run("topology --endpoint shipping").ends_with_code(0).says(&["by orders.* to shipping, for placed"]);
}

#[test]
fn schemas_of_a_package() {
    let shop = Shop::new();
    let read = |line: &str| serde_json::from_str::<Value>(&shop.run(line).ends_with_code(0).out).unwrap();
    let receipt = read("contracts schema --contract Receipt");
    assert_eq!(receipt["properties"]["authorised"]["type"], "boolean");
    assert_eq!(read("contracts schema")["Receipt"], receipt);
    let ran = shop.run("contracts schema --contract receipt").ends_with_code(2);
    ran.says(&["no contract `receipt`: name one of ChargeCard, OrderPlaced, Receipt"]);
}

#[test]
fn a_catalogue_without_contracts() {
    let shop = Shop::new();
    let route = json!({ "handler": "h", "kind": "command", "message": "Work", "address": "worker" });
    let endpoint = json!({ "name": "worker", "routes": [route] });
    let description = json!({ "title": "tests", "endpoints": [endpoint], "contracts": [] }).to_string();
    for command in ["asyncapi", "schema"] {
        let ran = shop.run_with(&format!("contracts {command} --description -"), &description);
        ran.ends_with_code(2).says(&["add `.message::<Work>()`"]);
    }
    let ran = shop.run_with("contracts mermaid --description -", &description).ends_with_code(0);
    ran.says(&["direct -->|\"Work\"| queue_worker"]);
}
