use super::*;

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
    Arc::make_mut(&mut short.envelope).properties.expiration = Some("10".into());
    bench.state.publish(bench.client, short, bench.now).unwrap();
    bench.send("q", "long").unwrap();
    bench.pass(10);
    let (dead, _) = bench.get("dead").unwrap();
    assert_eq!((body(&dead), dead.envelope.properties.expiration.clone()), ("short".to_owned(), None));
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
    Arc::make_mut(&mut outgoing.envelope).properties.expiration = Some("soon".into());
    let error = bench.state.publish(bench.client, outgoing, bench.now).unwrap_err();
    assert!(matches!(error, PublishErrorKind::Rejected { code: 406, .. }), "{error:?}");
}

#[test]
fn a_delayed_message_arrives_when_it_is_due() {
    let mut bench = Bench::new(&[("q", &[]), ("error", &[]), ("gone", &[])]);
    let delayed = |bench: &Bench, key: &str, millis| {
        let mut outgoing = bench.outgoing("nowhere", key, key);
        Arc::make_mut(&mut outgoing.envelope).properties.expiration = Some("1".into());
        outgoing.delay = Some(Duration::from_millis(millis));
        outgoing
    };
    let publish =
        |bench: &mut Bench, outgoing: Outgoing| bench.state.publish(bench.client, outgoing, bench.now);
    for (key, millis) in [("q", 50), ("gone", 20)] {
        let outgoing = delayed(&bench, key, millis);
        publish(&mut bench, outgoing).unwrap();
    }
    bench.state.delete_queue(bench.client, "gone").unwrap();
    bench.pass(49);
    assert_eq!((bench.drain("q"), bench.drain("error")), (vec![], vec!["gone".to_owned()]));
    bench.pass(1);
    let (due, _) = bench.get("q").unwrap();
    assert!(due.exchange.ends_with(".delivery") && !due.redelivered);
    assert_eq!((due.routing_key.as_str(), due.envelope.properties.expiration.clone()), ("q", None));

    let missing = delayed(&bench, "missing", 5);
    assert!(matches!(publish(&mut bench, missing), Err(PublishErrorKind::Unroutable { .. })));
}

#[test]
fn an_earlier_timer_wakes_who_waits_for_a_later_one() {
    let mut bench = Bench::new(&[("q", &[]), ("other", &[])]);
    let (consumer, wake) = bench.state.consume(bench.client, "q", 1, bench.now).unwrap();
    for (millis, wakes) in [(500, true), (600, false), (100, true)] {
        let mut outgoing = bench.outgoing("", "other", "x");
        outgoing.delay = Some(Duration::from_millis(millis));
        bench.state.publish(bench.client, outgoing, bench.now).unwrap();
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
