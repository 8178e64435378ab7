//! What the options of a send do, as the receiver sees it.

use std::time::Duration;

use leveret::{
    AnyMessage, QueueOptions,
    envelope::Intent,
    headers::{Headers, Value},
    topology::{Binding, Exchange, ExchangeKind, Queue, Topology},
};

use super::{
    Env,
    contracts::{Done, Heard, Listener, Work, Worker},
    steps::{channel, counts, pull, queue, text},
};

/// Commands reach the one endpoint, events all that subscribed, each with its facts.
pub async fn commands_and_events_arrive(env: &Env) {
    let (tell, mut heard) = channel();
    let told = tell.clone();
    let worker = Worker::new(move |work, ctx| {
        told.tell((work.n, ctx.intent(), ctx.topic(), ctx.attempt(), ctx.time_sent().is_some()));
        Box::pin(async { Ok(()) })
    });
    let listener = Listener::new(move |n, ctx| {
        tell.tell((n, ctx.intent(), ctx.topic(), ctx.attempt(), ctx.time_sent().is_some()));
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(worker)).await;
    env.start(env.bus().endpoint(listener)).await;
    let bus = env.sender().await;
    bus.send(Work { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, (1, Some(Intent::Command), "worker".to_owned(), 1, true));
    bus.publish(Done { n: 2 }).await.unwrap();
    assert_eq!(heard.next().await, (2, Some(Intent::Event), "things.done".to_owned(), 1, true));
    bus.publish(Heard { n: 3 }).await.unwrap();
    assert_eq!(heard.next().await, (3, Some(Intent::Event), "things.heard".to_owned(), 1, true));
}

/// Headers of every kind, priority, correlation id and another queue.
pub async fn options_of_a_command(env: &Env) {
    queue(env, "inspected").await;
    let bus = env.sender().await;
    let nested = Headers::from_iter([("größe", Value::from(7_i32)), ("empty", Value::Table(Headers::new()))]);
    bus.send(Work { n: 1 })
        .to("inspected")
        .header("text", "☃ snow")
        .header("number", 42_i64)
        .header("flag", true)
        .header("bytes", vec![0_u8, 255])
        .header("nested", nested.clone())
        .priority(5)
        .correlation_id("order-7")
        .timeout(Duration::from_secs(5))
        .await
        .unwrap();
    let message = pull(&bus, "inspected").await;
    let headers = message.headers();
    assert_eq!(headers.text("text"), Some("☃ snow"));
    assert_eq!(headers.get("number"), Some(&Value::I64(42)));
    assert_eq!(headers.get("flag"), Some(&Value::Bool(true)));
    assert_eq!(headers.get("bytes"), Some(&Value::Bytes(vec![0, 255])));
    assert_eq!(headers.get("nested"), Some(&Value::Table(nested)));
    let properties = &message.received().envelope.properties;
    assert_eq!(properties.priority, Some(5));
    assert_eq!(properties.correlation_id.as_deref(), Some("order-7"));
    assert_eq!(text(&message, "PikaBus.CorrelationId"), Some("order-7"));
    assert_eq!(message.json::<Work>().unwrap(), Work { n: 1 });
}

/// An event through another exchange, by its own topic.
pub async fn another_exchange(env: &Env) {
    let mut topology = Topology::default();
    topology.exchanges.push(Exchange::new("Elsewhere", ExchangeKind::Topic));
    topology.queues.push(Queue::new("inspected", Headers::new()));
    topology.bindings.push(Binding::new("Elsewhere", "inspected", "things.#"));
    env.wire().await.declare(&topology).await.unwrap();
    let bus = env.sender().await;
    bus.publish(Done { n: 4 }).exchange("Elsewhere").await.unwrap();
    let message = pull(&bus, "inspected").await;
    assert_eq!(message.received().exchange, "Elsewhere");
    assert_eq!(message.topic(), "things.done");
}

/// A command that the direct exchange cannot route goes by the queue's name: PikaBus queues may lack the binding.
pub async fn a_queue_that_lacks_its_binding(env: &Env) {
    queue(env, "worker").await;
    let bus = env.sender().await;
    bus.send(Work { n: 5 }).await.unwrap();
    assert_eq!(pull(&bus, "worker").await.received().exchange, "");
}

/// A body that is there already, with a name and without.
pub async fn raw_bodies(env: &Env) {
    let (tell, mut heard) = channel();
    let told = tell.clone();
    let worker = Worker::new(move |work, _| {
        told.tell(work.n);
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(worker)).await;
    let listener = Listener::new(move |n, _| {
        tell.tell(n);
        Box::pin(async { Ok(()) })
    });
    env.start(env.bus().endpoint(listener)).await;
    let bus = env.sender().await;
    bus.send_raw("worker", "Work", r#"{"n":6}"#).await.unwrap();
    assert_eq!(heard.next().await, 6);
    bus.publish_raw("things.done", "Done", r#"{"n":7}"#).header("shop", 1_i32).await.unwrap();
    assert_eq!(heard.next().await, 7);
    bus.publish_raw("things.heard", "", r#"{"n":8}"#).await.unwrap();
    assert_eq!(heard.next().await, 8);
    queue(env, "inspected").await;
    bus.send_raw("inspected", "", vec![0, 159, 146, 150]).await.unwrap();
    let message = pull(&bus, "inspected").await;
    assert_eq!((message.message_type(), message.body()), (None, &[0, 159, 146, 150][..]));
}

/// What has expired is not handled any more, and counted; the rest is.
pub async fn expired_messages_are_not_handled(env: &Env) {
    let (tell, mut heard) = channel();
    let worker = Worker::new(move |work, _| {
        tell.tell(work.n);
        Box::pin(async { Ok(()) })
    });
    let bus = env.start(env.bus().endpoint(worker)).await;
    bus.send(Work { n: 1 }).expires_in(Duration::ZERO).await.unwrap();
    bus.send(Work { n: 2 }).expires_in(Duration::from_secs(600)).await.unwrap();
    assert_eq!(heard.next().await, 2);
    counts(&bus, "expired", |counts| counts.expired == 1 && counts.handled == 1).await;
    bus.pause().await.unwrap();
    assert_eq!(bus.queue_depth("error").await.unwrap(), 0);
    assert!(heard.rest().is_empty());
}

/// Only a foreign queue gets AMQP's own expiration: an endpoint's queue would dead-letter what expires there.
pub async fn who_lets_a_message_expire(env: &Env) {
    queue(env, "foreign").await;
    let bus = env.start(env.bus().endpoint(Worker::new(|_, _| Box::pin(async { Ok(()) })))).await;
    bus.pause().await.unwrap();
    let expiration = |message: &AnyMessage| message.received().envelope.properties.expiration.clone();
    let life = Duration::from_secs(600);

    bus.send(Work { n: 1 }).expires_in(life).await.unwrap();
    let message = pull(&bus, "worker").await;
    assert_eq!(expiration(&message), None);
    assert!(text(&message, "PikaBus.ExpiresAt").is_some());

    bus.send(Work { n: 1 }).to("worker").expires_in(life).await.unwrap();
    assert_eq!(expiration(&pull(&bus, "worker").await), None, "its own endpoint, said twice");

    bus.send(Work { n: 1 }).to("foreign").expires_in(life).await.unwrap();
    assert_eq!(expiration(&pull(&bus, "foreign").await).as_deref(), Some("600000"));

    // More than 32 bits of milliseconds, which RabbitMQ refuses.
    for life in [Duration::from_secs(100 * 24 * 60 * 60), Duration::MAX] {
        bus.send(Work { n: 1 }).to("foreign").expires_in(life).await.unwrap();
        let message = pull(&bus, "foreign").await;
        assert_eq!(expiration(&message), None);
        assert!(text(&message, "PikaBus.ExpiresAt").is_some());
    }
}

/// A handler passes trace context and correlation on; what else the message had stays with it.
pub async fn what_a_handler_passes_on(env: &Env) {
    let worker = Worker::new(|work, ctx| {
        Box::pin(async move {
            ctx.send(work).to("inspected").await?;
            Ok(())
        })
    });
    queue(env, "inspected").await;
    let bus = env.start(env.bus().endpoint(worker).queue(QueueOptions::plain())).await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    bus.send(Work { n: 1 })
        .header("traceparent", trace)
        .header("tracestate", "vendor=1")
        .header("shop", "7")
        .correlation_id("saga")
        .await
        .unwrap();
    let message = pull(&bus, "inspected").await;
    assert_eq!(text(&message, "traceparent"), Some(trace));
    assert_eq!(text(&message, "tracestate"), Some("vendor=1"));
    assert_eq!(text(&message, "shop"), None);
    assert_eq!(text(&message, "PikaBus.CorrelationId"), Some("saga"));
}

/// What brokers add when they redeliver or dead-letter is not sent on: a broker would see a cycle.
pub async fn headers_of_brokers_are_left_out(env: &Env) {
    queue(env, "inspected").await;
    let bus = env.sender().await;
    bus.send(Work { n: 1 }).to("inspected").header("x-death", "1").header("x-mine", "2").await.unwrap();
    let message = pull(&bus, "inspected").await;
    assert_eq!((text(&message, "x-death"), text(&message, "x-mine")), (None, Some("2")));
}
