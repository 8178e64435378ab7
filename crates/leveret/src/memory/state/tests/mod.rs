mod dead_letter;
mod deliver;
mod nothing_lost;
mod time;

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
        self.state.publish(self.client, outgoing, self.now)
    }

    fn consume(&mut self, queue: &str, prefetch: u16) -> ConsumerId {
        self.state.consume(self.client, queue, prefetch, self.now).unwrap().0
    }

    fn next(&mut self, consumer: ConsumerId) -> Option<(Received, Tag)> {
        match self.state.next(consumer) {
            Next::Message(delivered) => Some(received(delivered)),
            Next::Wait(_) | Next::End => None,
        }
    }

    fn get(&mut self, queue: &str) -> Option<(Received, Tag)> {
        self.state.get(self.client, queue).unwrap().map(received)
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

fn received(delivered: Delivered) -> (Received, Tag) {
    let tag = delivered.tag;
    (delivered.received("q".into()), tag)
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
