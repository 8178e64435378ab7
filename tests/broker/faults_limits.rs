//! What just fits into AMQP, and what does not.

use std::time::Duration;

use amqprs::{
    BasicProperties, FieldTable, FieldValue,
    channel::BasicPublishArguments,
    connection::{Connection, OpenConnectionArguments},
};
use leveret::{
    AnyMessage, Bus, HandlerResultExt,
    envelope::Envelope,
    headers::Headers,
    topology::QueueOptions,
    transport::{ConnectionState, Outgoing, PublishErrorKind, Settlement},
};
use leveret_tests::{
    broker::{Broker, VirtualHost},
    scenarios::contracts::{Work, Worker, at_once},
};

use tokio::time::Instant;

use crate::amqp_support::{connect, next, queue, quorum, to_queue, until};

/// RabbitMQ's own, on all versions.
const FRAME_MAX: usize = 131_072;
/// Of a header frame, what a sender leaves for retries, error details and dead-lettering.
const ROOM: usize = 32 * 1024;

#[tokio::test]
async fn bodies_arrive_byte_for_byte() {
    let transport = connect().await;
    for arguments in [quorum(), Headers::new()] {
        let queue = queue(&*transport, arguments).await;
        let mut consumer = transport.consume(&queue, 1).await.unwrap();
        let mut random = fastrand::Rng::with_seed(7);
        for bytes in [0, 1].into_iter().chain(FRAME_MAX - 8..=FRAME_MAX + 8).chain([5 << 20]) {
            let body: Vec<u8> = (0..bytes).map(|_| random.u8(..)).collect();
            let mut outgoing = to_queue(&queue, "");
            change(&mut outgoing, |envelope| envelope.body = body.clone().into());
            transport.publisher().publish(outgoing).await.unwrap();
            let arrived = next(&mut *consumer).await;
            assert!(arrived.received.envelope.body == body, "{bytes} bytes came as others");
            arrived.unsettled.settle(Settlement::Done);
        }
        consumer.close().await;
        assert_eq!(transport.queue_depth(&queue).await.unwrap(), 0);
    }
    assert_eq!(transport.status().last_error, None);
    transport.close(Duration::from_secs(5)).await;
}

fn change(outgoing: &mut Outgoing, change: impl FnOnce(&mut Envelope)) {
    let mut envelope = (*outgoing.envelope).clone();
    change(&mut envelope);
    outgoing.envelope = envelope.into();
}

#[tokio::test]
async fn headers_fit_to_the_byte_or_are_refused() {
    let transport = connect().await;
    let queue = queue(&*transport, quorum()).await;
    let mut consumer = transport.consume(&queue, 1).await.unwrap();
    let with_header = |bytes: usize| {
        let mut outgoing = to_queue(&queue, "x");
        change(&mut outgoing, |envelope| {
            envelope.properties.message_id = Some("id".into());
            envelope.headers.insert("big", "é".repeat(bytes / 2) + &"x".repeat(bytes % 2));
        });
        outgoing
    };
    let publish = async |bytes: usize| transport.publisher().publish(with_header(bytes)).await;
    // What the rest of the header takes is learned from a refusal.
    let Err(PublishErrorKind::TooLarge { what: "header", bytes, limit }) =
        publish(2 * FRAME_MAX).await.map_err(|error| error.kind().clone())
    else {
        panic!("it is refused")
    };
    assert_eq!(limit, FRAME_MAX - ROOM);
    let fits = limit - (bytes - 2 * FRAME_MAX);
    for bytes in fits - 2..=fits + 8 {
        let published = publish(bytes).await.map_err(|error| error.kind().clone());
        assert_eq!(published.is_ok(), bytes <= fits, "{bytes}: {published:?}");
        if bytes <= fits {
            let arrived = next(&mut *consumer).await;
            assert_eq!(arrived.received.envelope.headers.text("big").unwrap().len(), bytes);
            arrived.unsettled.settle(Settlement::Done);
        }
    }
    consumer.close().await;
    let status = transport.status();
    assert_eq!((status.last_error, status.publishing), (None, ConnectionState::Up { epoch: 1 }));
    transport.close(Duration::from_secs(5)).await;
}

/// As large as a sender may make it: the story of its failure has room.
#[tokio::test]
async fn the_largest_header_still_goes_with_its_error() {
    for options in [QueueOptions::quorum(), QueueOptions::plain()] {
        let vhost = Broker::shared().await.vhost().await;
        let bus = failing(&vhost, options).await;
        bus.send(Work { n: 1 }).header("big", "x".repeat(FRAME_MAX - ROOM - 1500)).await.unwrap();
        let failed = pull(&bus, "error").await;
        assert_eq!(failed.headers().text("PikaBus.ErrorDetails").map(str::len), Some(DETAILS));
        assert_eq!(failed.headers().text("PikaBus.SourceQueue"), Some("worker"));
        assert_eq!(failed.json::<Work>().unwrap(), Work { n: 1 });
        bus.shutdown().await.unwrap();
    }
}

/// Larger than any client of ours makes it: no copy has room for the error.
#[tokio::test]
async fn a_header_that_no_copy_can_carry_goes_without_its_error() {
    for (options, dead_lettered) in [(QueueOptions::quorum(), true), (QueueOptions::plain(), false)] {
        let vhost = Broker::shared().await.vhost().await;
        let bus = failing(&vhost, options).await;
        inject(&vhost, "worker", FRAME_MAX - 8 * 1024).await;
        let failed = pull(&bus, "error").await;
        let headers = failed.headers();
        assert_eq!(headers.text("big").map(str::len), Some(FRAME_MAX - 8 * 1024));
        assert_eq!(headers.text("PikaBus.ErrorDetails"), None);
        assert_eq!(headers.get("x-death").is_some(), dead_lettered, "{dead_lettered}");
        let source = (!dead_lettered).then_some("worker");
        assert_eq!(headers.text("PikaBus.SourceQueue"), source);
        assert_eq!(failed.json::<Work>().unwrap(), Work { n: 2 });
        // What comes behind it is handled on the same connection.
        bus.send(Work { n: 3 }).await.unwrap();
        assert_eq!(pull(&bus, "error").await.json::<Work>().unwrap(), Work { n: 3 });
        until("both are counted", async || bus.counts().moved_to_error == 2).await;
        assert_eq!(bus.counts().failed, 2);
        assert_eq!(bus.health().last_error, None);
        assert_eq!(bus.queue_depth("worker").await.unwrap(), 0);
        bus.shutdown().await.unwrap();
    }
}

/// Nowhere to go: it must neither vanish nor keep the endpoint busy.
#[tokio::test]
async fn a_header_that_fits_into_no_copy_at_all_stays_in_its_plain_queue() {
    let vhost = Broker::shared().await.vhost().await;
    let bus = failing(&vhost, QueueOptions::plain()).await;
    inject(&vhost, "worker", FRAME_MAX - 3 * 1024 - 512).await;
    until("it has failed", async || bus.counts().failed == 1).await;
    for n in 10..40 {
        bus.send(Work { n }).await.unwrap();
        assert_eq!(pull(&bus, "error").await.json::<Work>().unwrap(), Work { n });
    }
    // It has not come again meanwhile, and a shutdown does not wait for it.
    assert_eq!((bus.counts().failed, bus.health().last_error), (31, None));
    let started = Instant::now();
    bus.shutdown().await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    let observer = Bus::builder(vhost.url()).start().await.unwrap();
    until("it is back", async || observer.queue_depth("worker").await.unwrap() == 1).await;
    assert_eq!(pull(&observer, "worker").await.json::<Work>().unwrap(), Work { n: 2 });
    observer.shutdown().await.unwrap();
}

/// How much the handler has to tell, in bytes.
const DETAILS: usize = 10_000;

/// The endpoint `worker`, whose handler fails for good, with a long story.
async fn failing(vhost: &VirtualHost, options: QueueOptions) -> Bus {
    let worker = Worker::new(|_, _| {
        Box::pin(async { Err(std::io::Error::other("é".repeat(DETAILS / 2))).permanent() })
    });
    Bus::builder(vhost.url()).endpoint(worker).queue(options).retry(at_once(0)).start().await.unwrap()
}

async fn pull(bus: &Bus, queue: &str) -> AnyMessage {
    let mut pulled = None;
    until("a message is there", async || {
        pulled = bus.get(queue).await.unwrap();
        pulled.is_some()
    })
    .await;
    pulled.unwrap().ack()
}

/// Puts `Work { n: 2 }` into a queue as a client may that knows no limit of ours, and waits until it is there.
async fn inject(vhost: &VirtualHost, queue: &str, header: usize) {
    let port = Broker::shared().await.port();
    let arguments =
        OpenConnectionArguments::new("127.0.0.1", port, "guest", "guest").virtual_host(vhost.name()).finish();
    let connection = Connection::open(&arguments).await.unwrap();
    let channel = connection.open_channel(None).await.unwrap();
    let mut headers = FieldTable::new();
    for (name, value) in
        [("PikaBus.MessageType", "Work"), ("PikaBus.Intent", "command"), ("big", &*"x".repeat(header))]
    {
        headers.insert(name.try_into().unwrap(), FieldValue::S(value.try_into().unwrap()));
    }
    let properties = BasicProperties::default().with_delivery_mode(2).with_headers(headers).finish();
    let arguments = BasicPublishArguments::new("", queue);
    channel.basic_publish(properties, br#"{"n":2}"#.to_vec(), arguments).await.unwrap();
    // The broker answers in order: what was published before is in its hands.
    channel.close().await.unwrap();
    connection.close().await.unwrap();
}
