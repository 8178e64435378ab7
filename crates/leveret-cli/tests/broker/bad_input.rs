use leveret_tests::{Ran, broker::free_port};

use crate::support::{Site, command, finish};

async fn run(url: &str, line: &str) -> Ran {
    finish(command(url, line).spawn().unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_end_with_2_and_tell_no_password() {
    for (url, line, text) in [
        ("http://u:secret@h", "error list", "neither amqp nor amqps"),
        ("amqp://u:secret%@h", "doctor", "password has a `%`"),
        ("amqp://h", "error list --older-than soon", "is no age"),
        ("amqp://h", "error explode", "unrecognized subcommand"),
        ("amqp://h", "error redrive --to error", "name another queue"),
        ("amqp://h", "error purge", "say --yes"),
    ] {
        let ran = run(url, line).await.ends_with_code(2).says(&[text]);
        assert!(!ran.err.contains("secret"), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_tells_the_exit_codes() {
    run("amqp://h", "--help").await.ends_with_code(0).says(&["Exit codes", "LEVERET_URL"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_not_there_ends_with_2() {
    let url = format!("amqp://guest:guest@127.0.0.1:{}", free_port());
    run(&url, "error list").await.ends_with_code(2).says(&["127.0.0.1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_queue_that_is_not_there_ends_with_2() {
    let site = Site::with_queues(&["billing"]).await;
    for line in
        ["error list", "error show 1", "error redrive", "error redrive --to billing", "error purge --yes"]
    {
        site.run(line).await.ends_with_code(2).says(&["no queue 'error'"]);
    }
    site.run("error --queue dead list").await.ends_with_code(2).says(&["no queue 'dead'"]);
}
