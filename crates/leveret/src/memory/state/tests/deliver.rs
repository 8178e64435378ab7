use super::*;

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
    bench.state.publish(other, event, bench.now).unwrap();
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
    let tag = bench.state.get(closing, "q").unwrap().unwrap().tag;
    let (consumer, _) = bench.state.consume(closing, "q", 1, bench.now).unwrap();
    bench.state.close(closing, bench.now);
    bench.state.close(closing, bench.now);
    bench.settle("q", tag, Settlement::Done);
    assert!(matches!(bench.state.next(consumer), Next::End));
    assert_eq!(bench.state.consuming(closing), None);
    let event = bench.outgoing("", "q", "x");
    assert_eq!(bench.state.publish(closing, event, bench.now), Err(PublishErrorKind::Closed));
    assert_eq!(bench.drain("q"), ["1", "2", "3"]);
}
