use std::time::{Duration, Instant};

use leveret::{AnyMessage, Bus, Endpoint, HandlerError, handler};
use leveret_tests::broker::{Broker, VirtualHost};
use tokio::time::sleep;

use super::shape;
use crate::{
    contestant::{Contestant, Leveret, Name, Sender, Verb},
    contracts::{ORDERS, OrderPlaced, SUBSCRIBERS},
    job::Job,
    outcome::Outcome,
    scenario::Scenario,
};

/// How often the broker is asked whether it is at rest.
const GLANCE: Duration = Duration::from_millis(100);
/// How much processor time a broker at rest may use between two glances.
const REST: Duration = Duration::from_millis(10);
/// How long the broker may take to come to rest, and its queues to show what they hold.
const PATIENCE: Duration = Duration::from_secs(10);

/// A virtual host for one run, with fresh queues.
pub(super) struct Place<'a> {
    broker: &'a Broker,
    vhost: VirtualHost,
}

impl<'a> Place<'a> {
    pub(super) async fn new(broker: &'a Broker) -> Self {
        Self { broker, vhost: broker.vhost().await }
    }

    pub(super) fn name(&self) -> &str {
        self.vhost.name()
    }

    /// Declares the queues, always as Leveret does, fills the backlog, and lets the broker come to rest.
    pub(super) async fn prepare(&self, job: &Job) -> Outcome {
        let job = &Job { contestant: Name::Leveret, ..job.clone() };
        declare(job, Orders).await?;
        declare(job, Quotes).await?;
        if job.scenario == Scenario::Publish {
            declare(job, Billing).await?;
            declare(job, Stock).await?;
            declare(job, Mail).await?;
        }
        if job.scenario.has_backlog() {
            let sender = Leveret::sender(job).await?;
            sender.send_all(Verb::Send, 0..job.messages).await?;
            sender.close().await?;
        }
        rest(self.broker).await;
        Ok(())
    }

    /// # Errors
    /// When a queue does not hold what it should after this job.
    pub(super) async fn check(&self, job: &Job) -> Outcome {
        let began = Instant::now();
        loop {
            let queues = self.vhost.list_queues().await;
            let wrong = queues.iter().find(|queue| queue.messages != left(job, &queue.name));
            match wrong {
                None => return self.check_shape(job).await,
                Some(_) if began.elapsed() < PATIENCE => sleep(GLANCE).await,
                Some(queue) => {
                    let expected = left(job, &queue.name);
                    let (name, found) = (&queue.name, queue.messages);
                    return Err(format!(
                        "{found} messages in {name} instead of {expected}; this is no result"
                    )
                    .into());
                }
            }
        }
    }

    /// Looks at one of the messages that were left, if any were.
    async fn check_shape(&self, job: &Job) -> Outcome {
        let Some(Left { queues: [queue, ..], message_type }) = Left::by(job.scenario) else { return Ok(()) };
        let bus = Bus::builder(job.broker_url()).start().await?;
        let pulled = bus.get(queue).await?.ok_or("a message that was counted is not there")?;
        shape::check(&pulled.received().envelope, message_type)?;
        pulled.nack();
        Ok(bus.shutdown().await?)
    }

    /// Deletes everything, and lets the broker come to rest: the next run shall not pay for this one.
    pub(super) async fn clear(self) {
        self.vhost.delete().await;
        rest(self.broker).await;
    }
}

/// Waits until the broker has next to nothing to do, or has had its time.
async fn rest(broker: &Broker) {
    let began = Instant::now();
    let mut before = cpu_time(broker).await;
    while began.elapsed() < PATIENCE {
        sleep(GLANCE).await;
        let now = cpu_time(broker).await;
        if now.saturating_sub(before) <= REST {
            return;
        }
        before = now;
    }
}

/// The processor time that the broker has used.
async fn cpu_time(broker: &Broker) -> Duration {
    let millis = broker.eval("element(1, erlang:statistics(runtime))").await;
    Duration::from_millis(millis.parse().unwrap_or_default())
}

/// What a scenario leaves in queues, where nobody consumes.
struct Left {
    queues: &'static [&'static str],
    message_type: &'static str,
}

impl Left {
    fn by(scenario: Scenario) -> Option<Self> {
        match scenario {
            Scenario::Send | Scenario::OneByOne | Scenario::Transactions => {
                Some(Self { queues: &[ORDERS], message_type: "PlaceOrder" })
            }
            Scenario::Publish => Some(Self { queues: &SUBSCRIBERS, message_type: "OrderPlaced" }),
            Scenario::Handle1 | Scenario::Handle16 | Scenario::Request | Scenario::EndToEnd => None,
        }
    }
}

/// How many messages a job leaves in a queue.
fn left(job: &Job, queue: &str) -> u64 {
    let filled = Left::by(job.scenario).is_some_and(|left| left.queues.contains(&queue));
    if filled { job.messages } else { 0 }
}

/// A bus declares its endpoint's queue when it starts.
async fn declare(job: &Job, endpoint: impl Endpoint) -> Outcome {
    let bus = Bus::builder(job.url()).queue(job.queue.options()).endpoint(endpoint).start().await?;
    Ok(bus.shutdown().await?)
}

/// An endpoint that is there for its queue, with a handler that never runs.
macro_rules! endpoints {
    ($($name:ident = $queue:literal takes $message:ty;)*) => {$(
        struct $name;

        #[handler(endpoint = $queue)]
        impl $name {
            #[handler]
            async fn nothing(&self, _: $message) -> Result<(), HandlerError> {
                Ok(())
            }
        }
    )*};
}
endpoints! {
    Orders = "bench.orders" takes AnyMessage;
    Quotes = "bench.quotes" takes AnyMessage;
    Billing = "bench.billing" takes OrderPlaced;
    Stock = "bench.stock" takes OrderPlaced;
    Mail = "bench.mail" takes OrderPlaced;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_subscriber_is_called_is_written_once_more() {
        assert_eq!([Billing::NAME, Stock::NAME, Mail::NAME], SUBSCRIBERS);
    }
}
