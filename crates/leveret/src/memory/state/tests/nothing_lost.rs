use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// What happens to a broker with one queue.
#[derive(Debug, Clone, Copy)]
enum Step {
    Send,
    Consume {
        prefetch: u16,
    },
    /// The consumer with this number, of those that live, takes its next message.
    Next(usize),
    /// The delivery with this number, of those that are out, is settled.
    Settle(usize, Settlement),
    Drop(usize),
    Get,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Send),
        1 => (1_u16..4).prop_map(|prefetch| Step::Consume { prefetch }),
        4 => (0_usize..9).prop_map(Step::Next),
        2 => (0_usize..9).prop_map(|n| Step::Settle(n, Settlement::Done)),
        1 => (0_usize..9).prop_map(|n| Step::Settle(n, Settlement::Return)),
        1 => (0_usize..9).prop_map(Step::Drop),
        1 => Just(Step::Get),
    ]
}

/// What a test knows of the deliveries that are out: who has it, which, what.
type Out = Vec<(Option<ConsumerId>, Tag, String)>;

proptest! {
    /// Whatever happens, each message is done once or still there, and nobody has more than they asked for.
    #[test]
    fn each_message_is_done_once_or_still_there(steps in prop::collection::vec(step(), 0..120)) {
        let mut bench = Bench::new(&[("q", &[])]);
        let (mut consumers, mut out, mut done) = (Vec::new(), Out::new(), Vec::new());
        let mut sent = 0;
        for step in steps {
            match step {
                Step::Send => {
                    bench.send("q", &sent.to_string()).unwrap();
                    sent += 1;
                }
                Step::Consume { prefetch } => consumers.push((bench.consume("q", prefetch), prefetch)),
                Step::Next(n) if n < consumers.len() => {
                    let (consumer, prefetch) = consumers[n];
                    if let Some((received, tag)) = bench.next(consumer) {
                        out.push((Some(consumer), tag, body(&received)));
                    }
                    let held = out.iter().filter(|(owner, ..)| *owner == Some(consumer)).count();
                    prop_assert!(held <= prefetch.into());
                }
                Step::Settle(n, settlement) if n < out.len() => {
                    let (_, tag, body) = out.remove(n);
                    bench.settle("q", tag, settlement);
                    bench.settle("q", tag, Settlement::Done); // the second time changes nothing
                    if settlement == Settlement::Done {
                        done.push(body);
                    }
                }
                Step::Drop(n) if n < consumers.len() => {
                    let (consumer, _) = consumers.remove(n);
                    bench.state.drop_consumer(consumer, bench.now);
                    out.retain(|(owner, ..)| *owner != Some(consumer));
                }
                Step::Get => out.extend(bench.get("q").map(|(received, tag)| (None, tag, body(&received)))),
                Step::Next(_) | Step::Settle(..) | Step::Drop(_) => {}
            }
        }
        bench.state.close(bench.client, bench.now);
        bench.client = bench.state.connect();
        let left = bench.drain("q");
        let in_order = left.windows(2).all(|pair| pair[0].parse::<u32>().unwrap() < pair[1].parse().unwrap());
        prop_assert!(in_order, "{left:?}");
        let all: BTreeSet<_> = done.iter().chain(&left).cloned().collect();
        prop_assert_eq!(all.len(), done.len() + left.len());
        prop_assert_eq!(all.len(), sent);
    }
}
