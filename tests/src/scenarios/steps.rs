//! What most cases do: short names, each wait with a deadline.

use std::{future::Future, time::Duration};

use leveret::{
    AnyMessage, Bus,
    envelope::{Envelope, Properties},
    headers::{Headers, Value},
    telemetry::Counts,
    topology::{Queue, Topology},
    transport::{Outgoing, Transport},
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep, timeout},
};

use super::Env;

const WAIT: Duration = Duration::from_secs(30);

/// Awaits what must come.
pub(super) async fn within<F: Future>(what: &str, future: F) -> F::Output {
    let Ok(output) = timeout(WAIT, future).await else { panic!("no {what} within {WAIT:?}") };
    output
}

/// Asks until the answer is yes: for what tells nobody when it happens.
pub(super) async fn eventually(what: &str, mut asked: impl AsyncFnMut() -> bool) {
    within(what, async {
        while !asked().await {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

/// Until the counts of a bus are as they should be.
pub(super) async fn counts(bus: &Bus, what: &str, right: impl Fn(Counts) -> bool) {
    eventually(what, async || right(bus.counts())).await;
}

/// What handlers tell the case.
pub(super) fn channel<T>() -> (Tell<T>, Hear<T>) {
    let (tell, hear) = mpsc::unbounded_channel();
    (Tell(tell), Hear(hear))
}

#[derive(Debug)]
pub(super) struct Tell<T>(mpsc::UnboundedSender<T>);

impl<T> Tell<T> {
    /// The case may have ended: then nobody hears it.
    pub(super) fn tell(&self, what: T) {
        let _ = self.0.send(what);
    }
}

impl<T> Clone for Tell<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Debug)]
pub(super) struct Hear<T>(mpsc::UnboundedReceiver<T>);

impl<T> Hear<T> {
    pub(super) async fn next(&mut self) -> T {
        within("word from a handler", self.0.recv()).await.expect("a handler lives")
    }

    /// The same on a paused clock, which runs to any deadline at once when nothing else is to do.
    pub(super) async fn within_days(&mut self) -> T {
        let next = timeout(Duration::from_secs(10 * 24 * 60 * 60), self.0.recv());
        next.await.expect("word from a handler").expect("a handler lives")
    }

    pub(super) async fn take(&mut self, count: usize) -> Vec<T> {
        let mut heard = Vec::new();
        while heard.len() < count {
            heard.push(self.next().await);
        }
        heard
    }

    /// What was told by now, and not heard.
    pub(super) fn rest(&mut self) -> Vec<T> {
        std::iter::from_fn(|| self.0.try_recv().ok()).collect()
    }
}

/// A queue of nobody's, to look at what is sent there.
pub(super) async fn queue(env: &Env, name: &str) {
    let mut topology = Topology::default();
    topology.queues.push(Queue::new(name, Headers::new()));
    env.wire().await.declare(&topology).await.unwrap();
}

/// The next message of a queue, which must come; it is acknowledged.
pub(super) async fn pull(bus: &Bus, queue: &str) -> AnyMessage {
    within("message in the queue", async {
        loop {
            match bus.get(queue).await.unwrap() {
                Some(pulled) => return pulled.ack(),
                None => sleep(Duration::from_millis(5)).await,
            }
        }
    })
    .await
}

pub(super) fn text<'a>(message: &'a AnyMessage, header: &str) -> Option<&'a str> {
    message.headers().text(header)
}

pub(super) fn integer(message: &AnyMessage, header: &str) -> Option<i64> {
    message.headers().get(header).and_then(Value::as_integer)
}

/// A message with exactly these headers, and no property but those.
pub(super) fn bare<const N: usize>(headers: [(&str, Value); N], body: &str) -> Envelope {
    Envelope::new(Properties::default(), Headers::from_iter(headers), body.to_owned())
}

/// A command as it stands on the wire, with the least that one has.
pub(super) fn command(message_type: &str, body: &str) -> Envelope {
    bare([("PikaBus.MessageType", message_type.into()), ("PikaBus.Intent", "command".into())], body)
}

pub(super) async fn publish(wire: &dyn Transport, exchange: &str, key: &str, envelope: Envelope) {
    wire.publisher().publish(Outgoing::new(exchange, key, envelope, Instant::now() + WAIT)).await.unwrap();
}

/// Puts a message into a queue, as others than a bus may.
pub(super) async fn inject(wire: &dyn Transport, queue: &str, envelope: Envelope) {
    publish(wire, "", queue, envelope).await;
}
