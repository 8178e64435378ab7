//! A message that amqprs cannot decode, and that takes the whole connection with it (hazard H12).

use std::time::Duration;

use leveret::headers::{Headers, Value};

use crate::{
    amqp_raw::publish_poison,
    amqp_support::{connect, queue, send, take},
};

#[tokio::test]
async fn a_header_that_is_not_utf8_ends_at_the_delivery_limit() {
    let transport = connect().await;
    let limited =
        Headers::from_iter([("x-queue-type", Value::from("quorum")), ("x-delivery-limit", Value::I64(3))]);
    let queue = queue(&*transport, limited).await;
    let port = leveret_tests::broker::Broker::shared().await.port();
    publish_poison(port, transport.vhost.name(), &queue).await;
    send(&*transport, &queue, "innocent").await.unwrap();
    let mut consumer = transport.consume(&queue, 5).await.unwrap();
    assert_eq!(take(&mut *consumer).await, "innocent");
    assert!(transport.status().last_error.is_some(), "the poison was decoded");
    consumer.close().await;
    assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
    transport.close(Duration::from_secs(5)).await;
}
