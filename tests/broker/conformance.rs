use std::sync::Arc;

use leveret::amqp::AmqpOptions;
use leveret_tests::{broker::Broker, conformance::Harness};

/// A virtual host for each test, on the node that all tests of this binary share.
async fn harness() -> Harness {
    let vhost = Arc::new(Broker::shared().await.vhost().await);
    Harness::new(move || {
        let vhost = vhost.clone();
        async move { AmqpOptions::from_url(&vhost.url()).unwrap().connect().await.unwrap() }
    })
}

leveret_tests::conformance_tests!(harness().await);
