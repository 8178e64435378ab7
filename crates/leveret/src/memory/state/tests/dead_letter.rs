use super::*;

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
