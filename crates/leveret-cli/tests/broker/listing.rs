use std::time::Duration;

use leveret::headers::{Headers, Value};
use tokio::io::AsyncReadExt;

use crate::support::{Site, failed, finish};

/// One message of each kind.
async fn site() -> Site {
    let site = Site::with_queues(&["error"]).await;
    site.put("error", failed("one", "billing"), r#"{"cents":100}"#).await;
    let odd = Headers::from_iter([
        ("PikaBus.MessageId", Value::I64(2)),
        ("PikaBus.ErrorDetails", Value::Array(vec![Value::Void])),
        ("PikaBus.SourceQueue", Value::Bytes(b"shop".to_vec())),
        ("PikaBus.ErrorRetries", "many".into()),
        ("PikaBus.TimeOfFailure", Value::F64(1.5)),
        ("nested", Value::Table(Headers::from_iter([("bytes", Value::Bytes(vec![0, 255]))]))),
    ]);
    site.put("error", odd, [0, 255, 254]).await;
    site.put("error", Headers::new(), "plain \u{1b}[31mtext").await;
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_what_is_there() {
    let site = site().await;
    let ran = site.run("error list").await.ends_with_code(0);
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!(lines.len(), 5, "{}", ran.out);
    assert!(lines[0].starts_with("ID"));
    for text in ["one", "ChargeCard", "billing", "6", "card declined caused by: no money"] {
        assert!(lines[1].contains(text), "{}", lines[1]);
    }
    assert!(lines[2].contains("shop"), "{}", lines[2]);
    assert_eq!(lines[4], "3 messages in `error`");
    site.settles("error", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_and_limits() {
    let site = site().await;
    for (filter, count) in [
        ("--type ChargeCard", 1),
        ("--source shop", 1),
        ("--error DECLINED", 1),
        ("--id one", 1),
        ("--id one --source shop", 0),
        ("--older-than 1h", 1),
        ("--younger-than 1h", 0),
    ] {
        let ran = site.run(&format!("error list {filter}")).await.ends_with_code(0);
        let expected = format!("{count} message{} of 3 in `error`", if count == 1 { "" } else { "s" });
        assert!(ran.out.contains(&expected), "{filter}: {ran:?}");
    }
    site.run("error list --limit 1").await.ends_with_code(0).says(&["… and 2 more", "3 messages in"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_json() {
    let site = site().await;
    let ran = site.run("error list --json").await.ends_with_code(0);
    assert!(ran.out.contains(r#""complete": true"#) && ran.out.contains(r#""count": 3"#), "{ran:?}");
    for text in [
        r#""id": "one""#,
        r#""type": "ChargeCard""#,
        r#""source": "billing""#,
        r#""attempts": 6"#,
        r#""failed_at": "2026-08-07T16:32:19.123456Z""#,
        r#""id": null"#,
    ] {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn shows_a_message() {
    let site = site().await;
    site.run("error show one").await.ends_with_code(0).says(&[
        "source     billing",
        "  PikaBus.ErrorDetails:\n    card declined\n    caused by: no money\n",
        "  shop: 7\n",
        "{\n  \"cents\": 100\n}",
    ]);
    site.run("error show 2")
        .await
        .ends_with_code(0)
        .says(&["  nested:\n    bytes: 0x00ff (2 bytes)\n", "00000000  00 ff fe"]);
    site.run("error show three").await.ends_with_code(1).says(&["no message with the id `three`"]);
    site.settles("error", 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_broker_moved_is_shown_too() {
    let site = Site::with_queues(&["error"]).await;
    let dead_letters =
        Headers::from_iter([("x-dead-letter-exchange", ""), ("x-dead-letter-routing-key", "error")]);
    site.queue("billing", dead_letters).await;
    site.put("billing", Headers::from_iter([("PikaBus.MessageId", "x")]), "{}").await;
    let pulled = site.get("billing").await.unwrap().unwrap();
    pulled.unsettled.settle(leveret::transport::Settlement::Reject);
    site.queue("gone.queue", Headers::new()).await;
    for delay in [Duration::from_millis(1), Duration::from_secs(2)] {
        // The first one is there in time: with it all is declared that the second needs.
        let mut outgoing = crate::support::to_error(Headers::from_iter([("PikaBus.MessageId", "y")]));
        (outgoing.routing_key, outgoing.delay) = ("gone.queue".into(), Some(delay));
        site.publisher().publish(outgoing).await.unwrap();
    }
    site.delete_queue("gone.queue").await.unwrap();
    crate::support::until("both are there", async || site.ready("error").await == 2).await;
    site.run("error list").await.ends_with_code(0).says(&[
        "moved by the broker out of `billing`: rejected",
        "undeliverable after its delay: no queue `gone.queue`",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_to_read_to_the_end() {
    let site = Site::with_queues(&["error"]).await;
    site.fail("billing", 2000).await;
    let mut child = site.command("error list --limit 2000").spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    out.read_u8().await.unwrap();
    drop(out);
    let ran = finish(child).await.ends_with_code(0);
    assert_eq!(ran.err, "");
    site.settles("error", 2000).await;
}
