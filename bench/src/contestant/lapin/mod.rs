//! lapin by hand.

mod message;
mod publisher;
mod receive;
mod request;
mod send;

use std::sync::Arc;

use futures_util::Stream;
use lapin::{
    Channel, Connection, ConnectionProperties,
    message::Delivery,
    options::{BasicConsumeOptions, BasicQosOptions},
    types::FieldTable,
};

use self::{receive::LapinReceiver, request::LapinRequester, send::LapinSender};
use super::Contestant;
use crate::{job::Job, measure::Tally, outcome::Outcome, scenario::PREFETCH};

/// lapin, with one ack for so many messages where one is handled after another.
#[derive(Debug)]
pub(crate) struct Lapin<const BATCH: u64>;

impl<const BATCH: u64> Contestant for Lapin<BATCH> {
    type Sender = LapinSender;
    type Requester = LapinRequester;
    type Receiver = LapinReceiver;

    async fn sender(job: &Job) -> Outcome<LapinSender> {
        LapinSender::connect(job).await
    }

    async fn requester(job: &Job) -> Outcome<LapinRequester> {
        LapinRequester::connect(job).await
    }

    async fn handler(job: &Job, concurrency: usize, tally: Arc<Tally>) -> Outcome<LapinReceiver> {
        match concurrency {
            1 => LapinReceiver::one_at_a_time(job, BATCH, tally).await,
            _ => LapinReceiver::many_at_a_time(job, concurrency, tally).await,
        }
    }

    async fn server(job: &Job) -> Outcome<LapinReceiver> {
        LapinReceiver::answering(job).await
    }
}

async fn connect(job: &Job) -> Outcome<Connection> {
    Ok(Connection::connect(&job.broker_url(), ConnectionProperties::default()).await?)
}

/// Consumes on a channel of its own.
async fn consume(
    connection: &Connection,
    queue: &str,
) -> Outcome<(Channel, impl Stream<Item = lapin::Result<Delivery>> + Send + use<>)> {
    let channel = connection.create_channel().await?;
    channel.basic_qos(PREFETCH, BasicQosOptions::default()).await?;
    let options = BasicConsumeOptions::default();
    let messages =
        channel.basic_consume(queue.into(), "bench".into(), options, FieldTable::default()).await?;
    Ok((channel, messages))
}

async fn close(connection: Connection) -> Outcome {
    Ok(connection.close(200, "done".into()).await?)
}
