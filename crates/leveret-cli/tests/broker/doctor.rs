use leveret::{
    Bus,
    headers::{Headers, Value},
};
use leveret_tests::{Ran, broker::free_port};

use crate::support::{Site, node, until};

async fn with_management(site: &Site, line: &str) -> Ran {
    site.run(&format!("--management {} {line}", node().await.management)).await
}

/// A management port at which nobody listens; the broker's own would be 15672.
fn without_management() -> String {
    format!("--management http://127.0.0.1:{}", free_port())
}

/// What a healthy fleet has, made by a bus.
async fn fleet() -> Site {
    let site = Site::with_queues(&[]).await;
    let worker = leveret_tests::scenarios::contracts::Worker::new(|_, _| Box::pin(async { Ok(()) }));
    let bus = Bus::builder(site.vhost.url()).endpoint(worker).start().await.unwrap();
    bus.shutdown().await.unwrap();
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn a_healthy_fleet() {
    let site = fleet().await;
    let version = node().await.broker.version().await;
    with_management(&site, "doctor").await.ends_with_code(0).says(&[
        "ok: the broker is reachable",
        "ok: `error` is empty",
        &format!("ok: RabbitMQ {version}"),
        "nothing is found to be wrong",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_found() {
    let site = Site::with_queues(&[]).await;
    let quorum = || Headers::from_iter([("x-queue-type", "quorum")]);
    let mut error = quorum();
    error.insert("x-delivery-limit", Value::I64(20));
    site.queue("error", error).await;
    let mut billing = quorum();
    billing.insert("x-dead-letter-exchange", "");
    billing.insert("x-dead-letter-routing-key", "error");
    billing.insert("x-max-length", Value::I64(10));
    site.queue("billing", billing).await;
    site.queue("leveret.delay.v1.16.3", quorum()).await;
    with_management(&site, "doctor").await.ends_with_code(1).says(&[
        "finding: `error` is a quorum queue and drops what was returned 20 times",
        "rabbitmqctl set_policy",
        "finding: there is no exchange `PikaBusDirect`",
        "finding: `billing` is not bound to `PikaBusDirect`",
        "finding: `billing` has a length limit (max-length 10)",
        "finding: there is no exchange `leveret.delay.v1.16.delivery`",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_error_queue() {
    let site = Site::with_queues(&[]).await;
    with_management(&site, "doctor").await.ends_with_code(1).says(&["finding: there is no queue `error`"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_management_api_it_says_what_it_could_not_check() {
    let site = fleet().await;
    site.run("doctor").await.ends_with_code(0).says(&[
        "ok: the broker is reachable",
        "not checked: broker version, alarms, queue types",
        "http://127.0.0.1:15672",
    ]);
    site.run("queues worker").await.ends_with_code(0).says(&["worker", "not known without it"]);
    site.run("queues").await.ends_with_code(0).says(&["error", "name those you want to see"]);
    // Whoever names one wants it asked.
    site.run(&format!("doctor {}", without_management())).await.ends_with_code(2);
    site.run("doctor --management nonsense").await.ends_with_code(2).says(&["http://host:15672"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_by_the_management_api() {
    let site = Site::with_queues(&["error"]).await;
    let refused = node().await.management.replace("//", "//guest:wrong@");
    site.run(&format!("doctor --management {refused}"))
        .await
        .ends_with_code(2)
        .says(&["does not accept user and password"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_queues() {
    let site = Site::with_queues(&["error"]).await;
    site.queue("billing", Headers::from_iter([("x-queue-type", "quorum")])).await;
    site.fail("billing", 3).await;
    let consumer = site.consume("billing", 1).await.unwrap();
    // Its statistics are some seconds behind.
    until("the consumer is seen", async || {
        let ran = with_management(&site, "queues").await.ends_with_code(0);
        let columns = |name: &str| -> Vec<String> {
            let line = ran.out.lines().find(|line| line.starts_with(name)).unwrap_or_default();
            line.split_whitespace().map(str::to_owned).collect()
        };
        assert_eq!(columns("error")[1], "3", "{}", ran.out);
        let billing = columns("billing");
        assert_eq!((&*billing[1], &*billing[3]), ("0", "quorum"));
        billing[2] == "1"
    })
    .await;
    consumer.close().await;
    with_management(&site, "queues billing nowhere")
        .await
        .ends_with_code(1)
        .says(&["`nowhere` does not exist"]);
}
