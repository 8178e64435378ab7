//! Who is measured. Each is written as a good user of it would write it.

mod amqprs;
mod body;
mod consuming;
mod lapin;
mod leveret;
mod name;
mod replies;
mod stamp;

use std::{ops::Range, sync::Arc};

pub(crate) use self::amqprs::Amqprs;
pub(crate) use self::lapin::Lapin;
pub(crate) use self::leveret::Leveret;
pub(crate) use self::name::Name;

use crate::{contracts::Quoted, job::Job, measure::Tally, outcome::Outcome};

/// How a message is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// A command, to the queue of the orders.
    Send,
    /// An event, to its topic.
    Publish,
}

/// A way to do the work. All write the same bytes: the nine standard headers, persistent, mandatory, confirmed.
pub(crate) trait Contestant {
    type Sender: Sender;
    type Requester: Requester;
    type Receiver: Receiver;

    /// Connects, to send.
    fn sender(job: &Job) -> impl Future<Output = Outcome<Self::Sender>> + Send;

    /// Connects, to request.
    fn requester(job: &Job) -> impl Future<Output = Outcome<Self::Requester>> + Send;

    /// Handles the orders: decodes, counts, acknowledges.
    fn handler(
        job: &Job,
        concurrency: usize,
        tally: Arc<Tally>,
    ) -> impl Future<Output = Outcome<Self::Receiver>> + Send;

    /// Answers quotes: decodes, replies with the same order, and acknowledges when the reply is confirmed.
    fn server(job: &Job) -> impl Future<Output = Outcome<Self::Receiver>> + Send;
}

/// Sends orders, by their numbers. What is returned by the broker, or refused, is an error.
pub(crate) trait Sender: Send + Sync {
    /// Sends these, with [`WINDOW`](crate::scenario::WINDOW) unconfirmed at a time. Done when all are confirmed.
    fn send_all(&self, verb: Verb, numbers: Range<u64>) -> impl Future<Output = Outcome> + Send;

    /// Sends one. Done when it is confirmed.
    fn send(&self, number: u64) -> impl Future<Output = Outcome> + Send;

    /// Sends these together, and then awaits their confirms.
    fn transaction(&self, numbers: Range<u64>) -> impl Future<Output = Outcome> + Send;

    /// Disconnects.
    fn close(self) -> impl Future<Output = Outcome> + Send;
}

/// Requests quotes.
pub(crate) trait Requester: Send + Sync {
    /// Requests one, and awaits the reply.
    fn request(&self, number: u64) -> impl Future<Output = Outcome<Quoted>> + Send;

    /// Disconnects.
    fn close(self) -> impl Future<Output = Outcome> + Send;
}

/// Consumes until it is closed.
pub(crate) trait Receiver: Send + Sync {
    /// Stops, and disconnects when what was acknowledged has left.
    fn close(self) -> impl Future<Output = Outcome> + Send;
}
