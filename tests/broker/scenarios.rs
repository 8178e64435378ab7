use leveret_tests::{broker::Broker, scenarios::Env};

/// A virtual host for each test, on the node that all tests of this binary share.
async fn env() -> Env {
    let vhost = Broker::shared().await.vhost().await;
    let url = vhost.url();
    Env::amqp(&url, vhost)
}

leveret_tests::scenario_tests!(env().await);
