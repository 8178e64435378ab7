//! Every contestant in every scenario, with a few messages: so that the program measures when it is asked to. What it
//! asserts are counts; how fast it goes here says nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{fs, process::Command};

use serde_json::Value;

#[test]
fn every_contestant_has_its_turn_in_every_scenario() {
    let out = tempfile::tempdir().unwrap();
    let mut bench = Command::new(env!("CARGO_BIN_EXE_leveret-bench"));
    // So few that a quorum queue takes in their acks at once.
    bench.args(["--queue", "quorum", "--messages", "5", "--rounds", "1", "--cold", "--limit", "60", "--out"]);
    bench.arg(out.path());
    let output = bench.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let tables = String::from_utf8_lossy(&output.stdout);
    assert!(tables.contains("request and reply: p50 of Leveret beside amqprs"), "{tables}");

    let read = |name: &str| fs::read_to_string(out.path().join(name)).unwrap();
    let results: Value = serde_json::from_str(&read("bench.json")).unwrap();
    let runs = results["runs"].as_array().unwrap();
    // Three in each of eight scenarios, two more of them that acknowledge every 50, and one in memory.
    assert_eq!(runs.len(), 8 * 3 + 3, "{said}");
    for run in runs {
        assert_eq!(run["outcome"]["Ok"]["messages"], run["messages"], "{run}");
    }
    assert!(read("results.md").contains("## Quorum queues"));
    assert!(read("quorum.svg").contains("send one by one"));
}
