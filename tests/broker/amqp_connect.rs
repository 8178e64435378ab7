//! Connecting: each obstacle is a different error, and none tells the password.

use std::time::Duration;

use leveret::{
    amqp::AmqpOptions,
    topology::{Queue, Topology},
    transport::TransportErrorKind,
};
use leveret_tests::broker::{Broker, Permissions};
use tokio::{net::TcpListener, time::Instant};

use crate::amqp_support::{connect, connect_to, unique, until};

async fn refused(url: &str) -> (TransportErrorKind, Duration) {
    let started = Instant::now();
    let options = AmqpOptions::from_url(url).unwrap().start_timeout(Duration::from_secs(15));
    let error = options.connect().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    (error.kind().clone(), started.elapsed())
}

#[tokio::test]
async fn a_wrong_password_is_told_at_once() {
    let vhost = Broker::shared().await.vhost().await;
    let (kind, took) = refused(&vhost.url_for("guest", "secret")).await;
    assert!(
        matches!(&kind, TransportErrorKind::CredentialsRefused { user, .. } if user == "guest"),
        "{kind:?}"
    );
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[tokio::test]
async fn a_virtual_host_that_is_not_there_is_told_at_once() {
    let url = Broker::shared().await.url_for("guest", "guest", "no-such-vhost");
    let (kind, took) = refused(&url).await;
    assert!(
        matches!(&kind, TransportErrorKind::VirtualHostRefused { name, text, .. } if name == "no-such-vhost" && text.contains("not found")),
        "{kind:?}"
    );
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[tokio::test]
async fn nobody_listening_is_told_after_the_start_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("amqp://guest:secret@127.0.0.1:{port}");
    let options = AmqpOptions::from_url(&url).unwrap().start_timeout(Duration::from_secs(1));
    let started = Instant::now();
    let error = options.connect().await.unwrap_err();
    assert!(matches!(error.kind(), TransportErrorKind::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains(&port.to_string()), "{error}");
    assert!(error.is_retryable());
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn something_that_never_answers_is_told_after_the_start_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("amqp://{}?connection_timeout=300", listener.local_addr().unwrap());
    let options = AmqpOptions::from_url(&url).unwrap().start_timeout(Duration::from_secs(2));
    let error = options.connect().await.unwrap_err();
    assert!(error.to_string().contains("does not answer"), "{error}");
}

#[tokio::test]
async fn hosts_are_tried_in_turn() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dead = listener.local_addr().unwrap();
    drop(listener);
    let alive = Broker::shared().await.port();
    let url = format!("amqp://guest:guest@{dead},127.0.0.1:{alive}");
    let transport = AmqpOptions::from_url(&url).unwrap().connect().await.unwrap();
    assert!(transport.status().publishing.is_connected());
    transport.close(Duration::from_secs(5)).await;
    transport.close(Duration::from_secs(5)).await;
    assert!(!transport.status().consuming.is_connected());
    let error = transport.queue_depth("any").await.unwrap_err();
    assert_eq!(*error.kind(), TransportErrorKind::Closed);
}

#[tokio::test]
async fn a_missing_permission_is_told_at_once() {
    let (broker, user) = (Broker::shared().await, unique("user"));
    let vhost = broker.vhost().await;
    broker.add_user(&user, "secret").await;
    let url = vhost.url_for(&user, "secret");
    let (kind, _) = refused(&url).await;
    assert!(matches!(kind, TransportErrorKind::VirtualHostRefused { .. }), "{kind:?}");
    vhost.set_permissions(&user, Permissions { configure: "^$", ..Permissions::ALL }).await;
    let transport = connect_to(&url).await;
    let mut topology = Topology::default();
    topology.queues.push(Queue::new("test.forbidden", Default::default()));
    let error = transport.declare(&topology).await.unwrap_err();
    assert!(matches!(error.kind(), TransportErrorKind::AccessRefused { .. }), "{error}");
    transport.close(Duration::from_secs(5)).await;
}

#[tokio::test]
async fn closing_leaves_no_task() {
    let vhost = Broker::shared().await.vhost().await;
    let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let transport = connect_to(&vhost.url()).await;
    transport.close(Duration::from_secs(5)).await;
    until("no task left", async || tokio::runtime::Handle::current().metrics().num_alive_tasks() == before)
        .await;
}

#[test]
fn dropping_it_outside_a_runtime_is_no_panic() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let alone = runtime.block_on(connect());
    drop(runtime);
    drop(alone.transport);
}
