use std::{fs, path::PathBuf};

use leveret::contracts::Catalogue;
use leveret_tests::scenarios::contracts::Worker;
use serde_json::{Value, json};

use crate::support::{Ran, command, finish};

/// Runs the command, which needs no broker for this.
async fn run(line: &str) -> Ran {
    finish(command("amqp://nobody.invalid", line).spawn().unwrap()).await
}

/// A file of one test.
fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

/// A service with one command.
fn shop(name: &str) -> String {
    let contract = |name: &str, kind: &str| {
        json!({
            "name": name, "rust_type": format!("shop::{name}"), "kind": kind, "address": "billing",
            "schema": { "title": name, "type": "object" },
        })
    };
    let routes =
        json!([{ "handler": "charge", "kind": "command", "message": "Charge", "address": "billing" }]);
    let description = json!({
        "title": "shop",
        "endpoints": [{ "name": "billing", "routes": routes }],
        "contracts": [contract("Charge", "command"), contract("Charged", "event")],
    });
    file(name, &description.to_string()).display().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_asyncapi() {
    let shop = shop("asyncapi.json");
    let line = format!("contracts asyncapi --description {shop}");
    let document = run(&line).await.ends_with_code(0).out;
    assert!(document.ends_with("}\n"));
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["channels"]["queue.billing"]["address"], "billing");

    let out = file("out.json", "old");
    let ran =
        run(&format!("{line} --topic events --prefix Shop. --out {}", out.display())).await.ends_with_code(0);
    assert_eq!(ran.out, "");
    let document = fs::read_to_string(out).unwrap();
    assert!(document.contains("\"events\"") && document.contains("\"Shop.MessageId\""), "{document}");
    run(&format!("{line} --out /nowhere/x")).await.ends_with_code(2).says(&["cannot write /nowhere/x"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_without_contracts() {
    let catalogue = Catalogue::new("tests").endpoint::<Worker>().describe();
    let worker = file("worker.json", &catalogue.to_json()).display().to_string();
    for command in ["asyncapi", "schema"] {
        let ran = run(&format!("contracts {command} --description {worker}")).await;
        ran.ends_with_code(2).says(&["add `.message::<Work>()`"]);
    }
    let ran = run(&format!("contracts mermaid --description {worker}")).await.ends_with_code(0);
    assert!(ran.out.starts_with("flowchart LR\n") && ran.out.contains("|\"Work\"| queue_worker"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn schemas() {
    let line = format!("contracts schema --description {}", shop("schema.json"));
    let read = |ran: Ran| serde_json::from_str::<Value>(&ran.ends_with_code(0).out).unwrap();
    let schema = json!({ "title": "Charge", "type": "object" });
    assert_eq!(read(run(&format!("{line} --contract Charge")).await), schema);
    assert_eq!(read(run(&line).await)["Charge"], schema);
    let ran = run(&format!("{line} --contract charge")).await.ends_with_code(2);
    ran.says(&["no contract `charge`: name one of Charge, Charged"]);
}
