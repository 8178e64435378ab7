use leveret::{
    headers::{Headers, Value},
    transport::Settlement,
};

use crate::support::{Site, failed};

#[tokio::test(flavor = "multi_thread")]
async fn goes_back_to_where_it_failed_and_begins_anew() {
    let site = Site::with_queues(&["error", "billing"]).await;
    site.put("error", failed("one", "billing"), "body").await;
    site.run("error redrive")
        .await
        .ends_with_code(0)
        .says(&["1 message redriven to `billing`", "1 of 1 redriven, 0 left in place"]);
    let pulled = site.get("billing").await.unwrap().unwrap();
    let headers = &pulled.received.envelope.headers;
    for gone in ["ErrorDetails", "ErrorType", "ErrorRetries", "SourceQueue", "TimeOfFailure"] {
        assert_eq!(headers.get(&format!("PikaBus.{gone}")), None);
        assert!(headers.get(&format!("PikaBus.Original{gone}")).is_some(), "{gone}");
    }
    assert_eq!(headers.text("PikaBus.MessageId"), Some("one"));
    assert_eq!(headers.get("shop"), Some(&Value::I32(7)));
    assert_eq!(&*pulled.received.envelope.body, b"body");
    assert!(pulled.received.envelope.properties.persistent);
    assert_eq!((&*pulled.received.exchange, &*pulled.received.routing_key), ("", "billing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_moved_goes_back_too() {
    let site = Site::with_queues(&["error"]).await;
    let dead_letters =
        Headers::from_iter([("x-dead-letter-exchange", ""), ("x-dead-letter-routing-key", "error")]);
    site.queue("billing", dead_letters).await;
    site.put("billing", Headers::from_iter([("PikaBus.MessageId", "x")]), "{}").await;
    site.get("billing").await.unwrap().unwrap().unsettled.settle(Settlement::Reject);
    crate::support::until("it is moved", async || site.ready("error").await == 1).await;
    site.run("error redrive").await.ends_with_code(0);
    let pulled = site.get("billing").await.unwrap().unwrap();
    let headers = &pulled.received.envelope.headers;
    assert_eq!(headers.get("x-death"), None);
    assert_eq!(headers.text("PikaBus.OriginalSourceQueue"), Some("billing"));
    assert!(headers.text("PikaBus.OriginalErrorDetails").unwrap().contains("rejected"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_moved_stays_and_is_told() {
    let site = Site::with_queues(&["error", "billing"]).await;
    site.put("error", Headers::from_iter([("PikaBus.MessageId", "lost")]), "").await;
    site.put("error", failed("gone", "nowhere"), "").await;
    site.put("error", failed("gone too", "nowhere"), "").await;
    site.put("error", failed("circle", "error"), "").await;
    site.put("error", failed("well", "billing"), "").await;
    let ran = site.run("error redrive").await.ends_with_code(1).says(&[
        "left: lost: nothing in the message tells",
        "left: gone: the queue `nowhere` does not exist",
        "left: gone too: the queue `nowhere` does not exist",
        "left: circle: nothing in the message tells",
        "1 of 5 redriven, 4 left in place",
    ]);
    assert!(!ran.out.contains("left: well"));
    site.settles("error", 4).await;
    assert_eq!(site.ids("billing").await, ["well"]);
    site.run("error redrive --to billing --id lost").await.ends_with_code(0);
    assert_eq!(site.ids("billing").await, ["lost", "well"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn to_a_queue_that_is_gone_moves_nothing() {
    let site = Site::with_queues(&["error"]).await;
    site.fail("billing", 3).await;
    site.run("error redrive --to nowhere").await.ends_with_code(1).says(&["`nowhere` does not exist"]);
    site.settles("error", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_limits_and_dry_runs() {
    let site = Site::with_queues(&["error", "billing", "shop"]).await;
    site.run("error redrive").await.ends_with_code(0).says(&["`error` is empty: nothing to redrive"]);
    site.fail("billing", 20).await;
    site.put("error", failed("other", "shop"), "").await;
    site.run("error redrive --error nonsense").await.ends_with_code(0).says(&["none of the 21 messages"]);
    site.run("error redrive --source shop --dry-run")
        .await
        .ends_with_code(0)
        .says(&["other -> shop", "1 message would go to `shop`"]);
    site.settles("error", 21).await;
    site.run("error redrive --limit 5").await.ends_with_code(0).says(&["5 of 21 redriven"]);
    site.settles("error", 16).await;
    site.run("error redrive --source shop").await.ends_with_code(0).says(&["1 of 16 redriven"]);
    assert_eq!(site.ids("shop").await, ["other"]);
    site.settles("error", 15).await;
    assert_eq!(site.ready("billing").await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_names_and_prefixes() {
    let site = Site::with_queues(&["dead", "billing"]).await;
    let headers = Headers::from_iter([("Acme.MessageId", "1"), ("Acme.SourceQueue", "billing")]);
    site.put("dead", headers, "").await;
    site.run("error --queue dead redrive").await.ends_with_code(1);
    site.run("error redrive --queue dead --prefix Acme.").await.ends_with_code(0);
    let pulled = site.get("billing").await.unwrap().unwrap();
    assert_eq!(pulled.received.envelope.headers.text("Acme.OriginalSourceQueue"), Some("billing"));
}

/// What is held goes over one window: 1,000 messages, of which three quarters fill it.
#[tokio::test(flavor = "multi_thread")]
async fn a_few_are_found_among_many() {
    let site = Site::with_queues(&["error", "billing", "shop"]).await;
    site.fail("billing", 2500).await;
    site.put("error", failed("needle", "shop"), "").await;
    site.run("error redrive --source shop").await.ends_with_code(0).says(&["1 of 2501 redriven"]);
    site.settles("error", 2500).await;
    assert_eq!(site.ids("shop").await, ["needle"]);
}
