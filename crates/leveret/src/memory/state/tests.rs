use std::time::Duration;

use super::*;
use crate::{
    envelope::{Envelope, Properties, Received},
    headers::{Headers, Value},
    topology::{Binding, Exchange as DeclaredExchange, ExchangeKind, Queue as DeclaredQueue},
    transport::{Outgoing, PublishErrorKind, Settlement},
};

/// A broker with one client, whose clock stands still until a test moves it.
struct Bench {
    state: State,
    client: ClientId,
    now: Instant,
}

impl Bench {
    fn new(queues: &[(&str, &[(&str, Value)])]) -> Self {
        let mut state = State::default();
        let client = state.connect();
        let mut bench = Self { state, client, now: Instant::now() };
        for (name, arguments) in queues {
            let arguments = arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
            bench.declare(Topology {
                queues: vec![DeclaredQueue::new(*name, arguments)],
                ..Topology::default()
            });
        }
        bench
    }

    fn declare(&mut self, topology: Topology) {
        self.state.declare(self.client, &topology).unwrap();
    }

    fn outgoing(&self, exchange: &str, key: &str, body: &str) -> Outgoing {
        let envelope = Envelope::new(Properties::default(), Headers::new(), body.to_owned());
        Outgoing::new(exchange, key, envelope, self.now + Duration::from_secs(1))
    }

    fn send(&mut self, queue: &str, body: &str) -> Result<(), PublishErrorKind> {
        let outgoing = self.outgoing("", queue, body);
        self.state.publish(self.client, &outgoing, self.now)
    }

    fn consume(&mut self, queue: &str, prefetch: u16) -> ConsumerId {
        self.state.consume(self.client, queue, prefetch, self.now).unwrap().0
    }

    fn next(&mut self, consumer: ConsumerId) -> Option<(Received, Tag)> {
        match self.state.next(consumer) {
            Next::Message(received, tag) => Some((*received, tag)),
            Next::Wait(_) | Next::End => None,
        }
    }

    fn get(&mut self, queue: &str) -> Option<(Received, Tag)> {
        self.state.get(self.client, queue).unwrap()
    }

    fn settle(&mut self, queue: &str, tag: Tag, settlement: Settlement) {
        self.state.settle(&queue.into(), tag, settlement, self.now);
    }

    fn pass(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
        self.state.advance(self.now);
    }

    /// Empties a queue.
    fn drain(&mut self, queue: &str) -> Vec<String> {
        let mut bodies = Vec::new();
        while let Some((received, tag)) = self.get(queue) {
            bodies.push(body(&received));
            self.settle(queue, tag, Settlement::Done);
        }
        bodies
    }
}

fn body(received: &Received) -> String {
    String::from_utf8(received.envelope.body.to_vec()).unwrap()
}

fn deaths(received: &Received) -> Vec<(String, String, i64)> {
    let Some(Value::Array(deaths)) = received.envelope.headers.get("x-death") else { return Vec::new() };
    let table = |death: &Value| match death {
        Value::Table(table) => table.clone(),
        other => panic!("{other:?}"),
    };
    deaths
        .iter()
        .map(table)
        .map(|death| {
            let text = |name| death.text(name).unwrap().to_owned();
            (text("queue"), text("reason"), death.get("count").unwrap().as_integer().unwrap())
        })
        .collect()
}

fn dead_letters_to(queue: &str) -> [(&'static str, Value); 2] {
    [("x-dead-letter-exchange", "".into()), ("x-dead-letter-routing-key", queue.into())]
}

#[test]
fn consumers_take_turns_within_their_prefetch() {
    let mut bench = Bench::new(&[("q", &[])]);
    let (a, b) = (bench.consume("q", 2), bench.consume("q", 1));
    for body in ["1", "2", "3", "4"] {
        bench.send("q", body).unwrap();
    }
    let (first, tag) = bench.next(a).unwrap();
    assert_eq!((body(&first), body(&bench.next(b).unwrap().0)), ("1".to_owned(), "2".to_owned()));
    assert_eq!(body(&bench.next(a).unwrap().0), "3");
    assert!(bench.next(a).is_none() && bench.next(b).is_none());
    bench.settle("q", tag, Settlement::Done);
    bench.settle("q", tag, Settlement::Done);
    assert_eq!(body(&bench.next(a).unwrap().0), "4");
}

#[test]
fn what_a_lost_consumer_had_comes_back_in_its_place() {
    let mut bench = Bench::new(&[("q", &[("x-queue-type", "quorum".into())])]);
    for body in ["1", "2", "3"] {
        bench.send("q", body).unwrap();
    }
    let lost = bench.consume("q", 2);
    let (_, tag) = bench.next(lost).unwrap();
    bench.state.drop_consumer(lost, bench.now);
    bench.settle("q", tag, Settlement::Done); // too late: it belongs to nobody now
    let next = bench.consume("q", 3);
    let seen: Vec<_> = std::iter::from_fn(|| bench.next(next))
        .map(|(it, _)| {
            let count = it.envelope.headers.get("x-delivery-count").and_then(Value::as_integer);
            (body(&it), it.redelivered, count)
        })
        .collect();
    let expected = [("1", true, Some(1)), ("2", true, Some(1)), ("3", false, None)];
    assert_eq!(seen, expected.map(|(body, redelivered, count)| (body.to_owned(), redelivered, count)));
    assert!(matches!(bench.state.next(lost), Next::End));
}

#[test]
fn the_delivery_limit_counts_lost_consumers_and_not_returns() {
    let [exchange, key] = dead_letters_to("dead");
    let limit = [("x-queue-type", "quorum".into()), ("x-delivery-limit", Value::I64(1)), exchange, key];
    let mut bench = Bench::new(&[("q", &limit), ("dead", &[])]);
    bench.send("q", "poison").unwrap();
    for _ in 0..3 {
        let (_, tag) = bench.get("q").unwrap();
        bench.settle("q", tag, Settlement::Return);
    }
    for expected in [0, 1] {
        assert_eq!(bench.state.depth(bench.client, "dead").unwrap(), 0, "after {expected} losses");
        let consumer = bench.consume("q", 1);
        bench.state.drop_consumer(consumer, bench.now);
    }
    let (dead, _) = bench.get("dead").unwrap();
    assert_eq!(deaths(&dead), [("q".to_owned(), "delivery_limit".to_owned(), 1)]);
    assert_eq!(dead.envelope.headers.text("x-first-death-queue"), Some("q"));
    assert_eq!((body(&dead), dead.redelivered), ("poison".to_owned(), false));
}

#[test]
fn rejected_again_and_again_is_one_death_that_counts() {
    let mut bench = Bench::new(&[("a", &dead_letters_to("b")), ("b", &dead_letters_to("a"))]);
    bench.send("a", "x").unwrap();
    for queue in ["a", "b", "a"] {
        let (_, tag) = bench.get(queue).unwrap();
        bench.settle(queue, tag, Settlement::Reject);
    }
    let (dead, _) = bench.get("b").unwrap();
    let expected = [("a".to_owned(), "rejected".to_owned(), 2), ("b".to_owned(), "rejected".to_owned(), 1)];
    assert_eq!(deaths(&dead), expected);
}

#[test]
fn a_full_queue_refuses_or_drops_its_oldest() {
    let [exchange, key] = dead_letters_to("dead");
    let refusing = [("x-max-length", Value::I32(1)), ("x-overflow", "reject-publish".into())];
    let dropping = [("x-max-length", Value::I32(1)), exchange, key];
    let mut bench = Bench::new(&[("refusing", &refusing), ("dropping", &dropping), ("dead", &[])]);
    for queue in ["refusing", "dropping"] {
        bench.send(queue, "1").unwrap();
    }
    assert_eq!(bench.send("refusing", "2"), Err(PublishErrorKind::Refused));
    bench.send("dropping", "2").unwrap();
    assert_eq!(
        (bench.drain("refusing"), bench.drain("dropping"), bench.drain("dead")),
        (vec!["1".to_owned()], vec!["2".to_owned()], vec!["1".to_owned()])
    );
}

#[test]
fn messages_expire_where_they_wait() {
    let [exchange, key] = dead_letters_to("dead");
    let ttl = [("x-message-ttl", Value::I32(100)), exchange, key];
    let mut bench = Bench::new(&[("q", &ttl), ("dead", &[])]);
    bench.send("q", "settled").unwrap();
    let (_, tag) = bench.get("q").unwrap();
    bench.send("q", "returned late").unwrap();
    let (_, late) = bench.get("q").unwrap();
    let mut short = bench.outgoing("", "q", "short");
    Arc::make_mut(&mut short.envelope).properties.expiration = Some("10".to_owned());
    bench.state.publish(bench.client, &short, bench.now).unwrap();
    bench.send("q", "long").unwrap();
    bench.pass(10);
    let (dead, _) = bench.get("dead").unwrap();
    assert_eq!((body(&dead), dead.envelope.properties.expiration), ("short".to_owned(), None));
    bench.settle("q", tag, Settlement::Done);
    bench.pass(90);
    bench.settle("q", late, Settlement::Return);
    assert_eq!(
        (bench.drain("dead"), bench.drain("q")),
        (vec!["long".to_owned(), "returned late".to_owned()], vec![])
    );
    assert_eq!(bench.state.timers.next(), None);
}

#[test]
fn an_expiration_that_is_no_number_is_rejected() {
    let mut bench = Bench::new(&[("q", &[])]);
    let mut outgoing = bench.outgoing("", "q", "x");
    Arc::make_mut(&mut outgoing.envelope).properties.expiration = Some("soon".to_owned());
    let error = bench.state.publish(bench.client, &outgoing, bench.now).unwrap_err();
    assert!(matches!(error, PublishErrorKind::Rejected { code: 406, .. }), "{error:?}");
}

#[test]
fn queues_that_expire_into_each_other_end() {
    let with = |to| {
        let [exchange, key] = dead_letters_to(to);
        [("x-message-ttl", Value::I32(0)), exchange, key]
    };
    let mut bench = Bench::new(&[("a", &with("b")), ("b", &with("a"))]);
    bench.send("a", "round and round").unwrap();
    bench.pass(1);
    assert_eq!((bench.drain("a"), bench.drain("b")), (vec![], vec![]));
    assert_eq!(bench.state.timers.next(), None);
}

#[test]
fn a_delayed_message_arrives_when_it_is_due() {
    let mut bench = Bench::new(&[("q", &[]), ("error", &[]), ("gone", &[])]);
    let delayed = |bench: &Bench, key: &str, millis| {
        let mut outgoing = bench.outgoing("nowhere", key, key);
        Arc::make_mut(&mut outgoing.envelope).properties.expiration = Some("1".to_owned());
        outgoing.delay = Some(Duration::from_millis(millis));
        outgoing
    };
    let publish =
        |bench: &mut Bench, outgoing: &Outgoing| bench.state.publish(bench.client, outgoing, bench.now);
    for (key, millis) in [("q", 50), ("gone", 20)] {
        let outgoing = delayed(&bench, key, millis);
        publish(&mut bench, &outgoing).unwrap();
    }
    bench.state.delete_queue(bench.client, "gone").unwrap();
    bench.pass(49);
    assert_eq!((bench.drain("q"), bench.drain("error")), (vec![], vec!["gone".to_owned()]));
    bench.pass(1);
    let (due, _) = bench.get("q").unwrap();
    assert!(due.exchange.ends_with(".delivery") && !due.redelivered);
    assert_eq!((due.routing_key.as_str(), due.envelope.properties.expiration), ("q", None));

    let missing = delayed(&bench, "missing", 5);
    assert!(matches!(publish(&mut bench, &missing), Err(PublishErrorKind::Unroutable { .. })));
    let year = delayed(&bench, "q", 2 * 366 * 24 * 3_600_000);
    assert!(matches!(publish(&mut bench, &year), Err(PublishErrorKind::Rejected { code: 406, .. })));
}

#[test]
fn an_earlier_timer_wakes_who_waits_for_a_later_one() {
    let mut bench = Bench::new(&[("q", &[]), ("other", &[])]);
    let (consumer, wake) = bench.state.consume(bench.client, "q", 1, bench.now).unwrap();
    for (millis, wakes) in [(500, true), (600, false), (100, true)] {
        let mut outgoing = bench.outgoing("", "other", "x");
        outgoing.delay = Some(Duration::from_millis(millis));
        bench.state.publish(bench.client, &outgoing, bench.now).unwrap();
        let woken = was_woken(&wake);
        assert_eq!(woken, wakes, "a timer in {millis} ms");
    }
    let due = bench.now + Duration::from_millis(100);
    assert!(matches!(bench.state.next(consumer), Next::Wait(Some(at)) if at == due));
}

/// Whether a waiting consumer was woken.
fn was_woken(wake: &tokio::sync::Notify) -> bool {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::pin!(wake.notified()).as_mut().poll(&mut context).is_ready()
}

#[test]
fn a_deleted_queue_is_declared_again_for_other_clients_that_consume_it() {
    let mut bench = Bench::new(&[]);
    let mut topology = Topology::default();
    topology.exchanges.push(DeclaredExchange::new("e", ExchangeKind::Topic));
    topology.queues.push(DeclaredQueue::new("q", Headers::new()));
    topology.bindings.push(Binding::new("e", "q", "a.*"));
    bench.declare(topology);
    let consumer = bench.consume("q", 1);
    bench.send("q", "gone with the queue").unwrap();

    let other = bench.state.connect();
    bench.state.delete_queue(other, "q").unwrap();
    assert_eq!(bench.state.consuming(bench.client), Some(vec!["q".to_owned()]));
    let event = bench.outgoing("e", "a.b", "after");
    bench.state.publish(other, &event, bench.now).unwrap();
    assert_eq!(body(&bench.next(consumer).unwrap().0), "after");

    bench.state.delete_queue(bench.client, "q").unwrap();
    assert_eq!(bench.state.consuming(bench.client), Some(vec![]));
    assert!(matches!(bench.send("q", "x"), Err(PublishErrorKind::Unroutable { .. })));
    bench
        .state
        .declare(
            other,
            &Topology { queues: vec![DeclaredQueue::new("q", Headers::new())], ..Topology::default() },
        )
        .unwrap();
    bench.send("q", "declared by another").unwrap();
    assert_eq!(body(&bench.next(consumer).unwrap().0), "declared by another");
}

#[test]
fn a_closed_client_leaves_nothing_behind() {
    let mut bench = Bench::new(&[("q", &[])]);
    for body in ["1", "2", "3"] {
        bench.send("q", body).unwrap();
    }
    let closing = bench.state.connect();
    let (_, tag) = bench.state.get(closing, "q").unwrap().unwrap();
    let (consumer, _) = bench.state.consume(closing, "q", 1, bench.now).unwrap();
    bench.state.close(closing, bench.now);
    bench.state.close(closing, bench.now);
    bench.settle("q", tag, Settlement::Done);
    assert!(matches!(bench.state.next(consumer), Next::End));
    assert_eq!(bench.state.consuming(closing), None);
    let event = bench.outgoing("", "q", "x");
    assert_eq!(bench.state.publish(closing, &event, bench.now), Err(PublishErrorKind::Closed));
    assert_eq!(bench.drain("q"), ["1", "2", "3"]);
}
