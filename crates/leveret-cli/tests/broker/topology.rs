use std::{fs, path::Path, sync::LazyLock, time::Duration};

use leveret::{
    Bus, QueueOptions,
    contracts::Catalogue,
    headers::{Headers, Value},
    topology::Binding,
};
use leveret_tests::{
    Ran,
    broker::free_port,
    scenarios::contracts::{Listener, Work, Worker},
};

use crate::support::{Site, command, finish, node};

/// The command for the services of these tests, which say in a file what they are.
fn topology(options: &str) -> String {
    static WRITTEN: LazyLock<String> = LazyLock::new(|| {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("topology.json");
        let catalogue = Catalogue::new("tests").endpoint::<Worker>().endpoint::<Listener>();
        fs::write(&path, catalogue.describe().to_json()).unwrap();
        path.display().to_string()
    });
    format!("topology --description {} {options}", *WRITTEN)
}

async fn live(site: &Site, options: &str) -> Ran {
    let options = format!("--live --endpoint listener {options}");
    site.run(&format!("--management {} {}", node().await.management, topology(&options))).await
}

/// A virtual host on which the listener has started, and ended.
async fn started(queue: QueueOptions) -> Site {
    let site = Site::with_queues(&[]).await;
    let listener = Listener::new(|_, _| Box::pin(async { Ok(()) }));
    let bus = Bus::builder(site.vhost.url()).endpoint(listener).queue(queue).start().await.unwrap();
    bus.shutdown().await.unwrap();
    site
}

fn subscription(pattern: &str) -> Binding {
    Binding::new("PikaBusTopic", "listener", pattern)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_on_which_the_endpoint_has_started_is_equal() {
    let site = started(QueueOptions::quorum()).await;
    live(&site, "").await.ends_with_code(0).says(&["ok: listener"]);
    let plain = started(QueueOptions::plain()).await;
    live(&plain, "--plain").await.ends_with_code(0).says(&["ok: listener"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_binding_less_and_one_more() {
    let site = started(QueueOptions::quorum()).await;
    site.unbind(&subscription("things.done")).await.unwrap();
    site.bind(&subscription("old.#")).await.unwrap();
    live(&site, "").await.ends_with_code(1).says(&[
        "missing: listener: binding `PikaBusTopic` by `things.done` to `listener`\n",
        "extra: listener: binding `PikaBusTopic` by `old.#` to `listener`\n",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_with_other_arguments() {
    let site = started(QueueOptions::plain().argument("x-max-length", 9_i64)).await;
    live(&site, "").await.ends_with_code(1).says(&[
        "different: listener: queue `listener`: x-max-length is 9, and the endpoint does not set it",
        "different: listener: queue `listener`: x-delivery-limit is not set, and the endpoint wants 20",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_has_waited_changes_nothing() {
    let site = started(QueueOptions::quorum()).await;
    let bus = Bus::builder(site.vhost.url()).start().await.unwrap();
    bus.defer(Work { n: 1 }, Duration::from_millis(20)).to("listener").await.unwrap();
    bus.shutdown().await.unwrap();
    live(&site, "").await.ends_with_code(0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_needs_no_broker() {
    let ran =
        |line: String| async move { finish(command("amqp://nobody.invalid", &line).spawn().unwrap()).await };
    ran(topology("")).await.ends_with_code(0).says(&[
        "The endpoint worker declares",
        "The endpoint listener declares",
        "by *.heard to listener, for heard",
        "x-dead-letter-routing-key \"error\"",
    ]);
    ran(topology("--queue dead --direct d --topic t --plain --endpoint worker"))
        .await
        .ends_with_code(0)
        .says(&["exchange  d", "queue     dead", "queue     worker  without arguments"]);
    ran(topology("--endpoint nobody"))
        .await
        .ends_with_code(2)
        .says(&["no endpoint `nobody`: name one of worker, listener"]);
    ran("topology --description /nowhere".to_owned()).await.ends_with_code(2).says(&["cannot read /nowhere"]);
    ran(topology(&format!("--topic {}", "t".repeat(256)))).await.ends_with_code(2).says(&["256 bytes"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_on_which_nothing_has_started() {
    let site = Site::with_queues(&[]).await;
    site.queue("error", Headers::from_iter([("x-max-length", Value::I64(5))])).await;
    let ran = site.run(&format!("--management {} {}", node().await.management, topology("--live"))).await;
    ran.ends_with_code(1).says(&[
        "missing: worker: exchange `PikaBusDirect`: direct",
        "different: worker: queue `error`: x-max-length is 5",
        "missing: worker: queue `worker`",
        "missing: listener: queue `listener`",
        "missing: listener: binding `PikaBusTopic` by `*.heard` to `listener`",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_management_api_that_does_not_answer() {
    let site = Site::with_queues(&[]).await;
    let live = topology("--live");
    let management = &node().await.management;
    let refused = management.replace("//", "//guest:wrong@");
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let url = site.vhost.url();
    let base = url.rsplit_once('/').unwrap().0;
    for (url, management, text) in [
        (site.vhost.url(), format!("--management {refused}"), "does not accept user and password"),
        (site.vhost.url(), format!("--management {nobody}"), "127.0.0.1"),
        (site.vhost.url(), String::new(), "rabbitmq-plugins enable rabbitmq_management"),
        (format!("{base}/nowhere"), format!("--management {management}"), "no virtual host `nowhere`"),
        ("http://u:secret@h".to_owned(), String::new(), "neither amqp nor amqps"),
    ] {
        let ran = finish(command(&url, &format!("{management} {live}")).spawn().unwrap()).await;
        let ran = ran.ends_with_code(2).says(&[text]);
        assert!(!ran.err.contains("secret") && !ran.err.contains("wrong"), "{ran:?}");
    }
}
