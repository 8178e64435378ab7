//! One queue, served by a Rust and a Python service at once.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use leveret::QueueOptions;
use serde_json::{Value, json};

use crate::{
    probe::{Listener, probe},
    python::Python,
    services::{Billing, ChargeCard},
    site::Site,
};

const MESSAGES: u32 = 40;

#[tokio::test]
async fn both_get_work_and_nothing_is_lost() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    heard.close_gate();
    let endpoint = site.bus().endpoint(Billing(probe)).queue(QueueOptions::plain()).concurrency(1);
    let bus = endpoint.start().await.unwrap();
    let mut python = site.python(json!({"queue": "billing", "handler": "hold", "prefetch": 1})).await;
    let client = site.bus().start().await.unwrap();

    // Each holds one message and gets no other, so both have work.
    for number in 1..=2 {
        client.send(ChargeCard { number }).await.unwrap();
    }
    let (by_rust, by_python) = (heard.next().await.body(), python.handled().await["payload"].take());
    let mut handled = BTreeSet::from([number(&by_rust), number(&by_python)]);
    heard.open_gate();
    python.go().await;
    for number in 3..=MESSAGES {
        client.send(ChargeCard { number }).await.unwrap();
    }
    while handled.len() < MESSAGES as usize {
        assert!(handled.insert(number(&next(&mut heard, &mut python).await)), "handled twice");
    }
    python.order(json!({"do": "stop"})).await;
    bus.shutdown().await.unwrap();
    for queue in ["billing", "error"] {
        assert_eq!(site.depth(queue).await, Some(0), "{queue}");
    }
}

/// PikaBus puts it back until it is due, Rust keeps it: whoever has it then handles it. A refund, because a reply would
/// come back to the queue that both serve.
#[tokio::test]
async fn a_message_that_python_defers_is_handled_once_by_either() {
    let Some(site) = Site::open().await else { return };
    let (probe, mut heard) = probe();
    let bus = site.bus().endpoint(Billing(probe)).queue(QueueOptions::plain()).start().await.unwrap();
    let mut python = site.python(json!({"queue": "billing"})).await;
    let refund =
        json!({"do": "Defer", "payload": {"number": 1}, "delay": 1.0, "messageType": "billing.Refund"});
    let ordered = Instant::now();
    python.order(refund).await;
    assert_eq!(number(&next(&mut heard, &mut python).await), 1);
    assert!(ordered.elapsed() >= Duration::from_secs(1));

    python.order(json!({"do": "stop"})).await;
    bus.shutdown().await.unwrap();
    heard.assert_idle();
    python.assert_idle();
}

async fn next(heard: &mut Listener, python: &mut Python) -> Value {
    tokio::select! {
        heard = heard.next() => heard.body(),
        mut handled = python.handled() => handled["payload"].take(),
    }
}

fn number(body: &Value) -> u64 {
    body["number"].as_u64().unwrap()
}
