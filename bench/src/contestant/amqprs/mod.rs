//! amqprs by hand.

mod confirms;
mod message;
mod publisher;
mod receive;
mod request;
mod send;

use std::sync::Arc;

use amqprs::{
    channel::{BasicConsumeArguments, BasicQosArguments, Channel, ConsumerMessage},
    connection::{Connection, OpenConnectionArguments},
};
use futures_util::{Stream, stream};

use self::{receive::AmqprsReceiver, request::AmqprsRequester, send::AmqprsSender};
use super::Contestant;
use crate::{job::Job, measure::Tally, outcome::Outcome, scenario::PREFETCH};

/// amqprs, with one ack for so many messages where one is handled after another.
#[derive(Debug)]
pub(crate) struct Amqprs<const BATCH: u64>;

impl<const BATCH: u64> Contestant for Amqprs<BATCH> {
    type Sender = AmqprsSender;
    type Requester = AmqprsRequester;
    type Receiver = AmqprsReceiver;

    async fn sender(job: &Job) -> Outcome<AmqprsSender> {
        AmqprsSender::connect(job).await
    }

    async fn requester(job: &Job) -> Outcome<AmqprsRequester> {
        AmqprsRequester::connect(job).await
    }

    async fn handler(job: &Job, concurrency: usize, tally: Arc<Tally>) -> Outcome<AmqprsReceiver> {
        match concurrency {
            1 => AmqprsReceiver::one_at_a_time(job, BATCH, tally).await,
            _ => AmqprsReceiver::many_at_a_time(job, concurrency, tally).await,
        }
    }

    async fn server(job: &Job) -> Outcome<AmqprsReceiver> {
        AmqprsReceiver::answering(job).await
    }
}

async fn connect(job: &Job) -> Outcome<Connection> {
    let mut arguments = OpenConnectionArguments::new("127.0.0.1", job.port, "guest", "guest");
    Ok(Connection::open(arguments.virtual_host(&job.vhost)).await?)
}

/// Consumes on a channel of its own.
async fn consume(
    connection: &Connection,
    queue: &str,
) -> Outcome<(Channel, impl Stream<Item = ConsumerMessage> + Send + use<>)> {
    let channel = connection.open_channel(None).await?;
    channel.basic_qos(BasicQosArguments::new(0, PREFETCH, false)).await?;
    let (_, mut messages) = channel.basic_consume_rx(BasicConsumeArguments::new(queue, "bench")).await?;
    Ok((channel, stream::poll_fn(move |cx| messages.poll_recv(cx))))
}
