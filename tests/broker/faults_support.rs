//! What the `faults_*` tests share: two endpoints that send to each other, their ledger, and a broker to break.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use leveret::{Bus, Context, HandlerError, Message, handler, topology::QueueOptions};
use leveret_tests::{
    broker::{Broker, VirtualHost},
    ledger::{Balance, Ledger},
};
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{Mutex, MutexGuard},
    task::JoinSet,
    time::timeout,
};

use crate::amqp_support::{PATIENCE, until};

/// RabbitMQ writes down late that a quorum queue exists: killed before, it comes back empty.
pub(crate) const DIRECTORY_WRITTEN: Duration = Duration::from_secs(3);

/// A node for tests that disturb it, one after the other: starting one costs seconds of a processor.
pub(crate) struct Victim(MutexGuard<'static, Option<Broker>>);

pub(crate) async fn victim() -> Victim {
    static VICTIM: Mutex<Option<Broker>> = Mutex::const_new(None);
    let mut broker = VICTIM.lock().await;
    if broker.is_none() {
        *broker = Some(Broker::start().await);
    }
    Victim(broker)
}

impl Deref for Victim {
    type Target = Broker;

    fn deref(&self) -> &Broker {
        self.0.as_ref().expect("it is started")
    }
}

impl DerefMut for Victim {
    fn deref_mut(&mut self) -> &mut Broker {
        self.0.as_mut().expect("it is started")
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The next test shall not inherit a broken one; and what went wrong in it is gone with it.
            let broker = self.0.take();
            eprintln!("{}", broker.map(|broker| broker.log()).unwrap_or_default());
        }
    }
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "east")]
pub(crate) struct ToEast {
    pub(crate) n: u64,
}

#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "west")]
pub(crate) struct ToWest {
    pub(crate) n: u64,
}

/// Even numbers are serves, and go back with the number that follows.
pub(crate) struct East(pub(crate) Arc<Ledger>);

#[handler(endpoint = "east")]
impl East {
    #[handler]
    async fn receive(&self, command: ToEast, ctx: &Context) -> Result<(), HandlerError> {
        self.0.handles(command.n);
        if command.n.is_multiple_of(2) {
            ctx.send(ToWest { n: command.n + 1 }).await?;
        }
        Ok(())
    }
}

pub(crate) struct West(pub(crate) Arc<Ledger>);

#[handler(endpoint = "west")]
impl West {
    #[handler]
    async fn receive(&self, command: ToWest, ctx: &Context) -> Result<(), HandlerError> {
        self.0.handles(command.n);
        if command.n.is_multiple_of(2) {
            ctx.send(ToEast { n: command.n + 1 }).await?;
        }
        Ok(())
    }
}

/// Both kinds of endpoint queues, with a name for messages.
pub(crate) fn kinds() -> [(&'static str, QueueOptions); 2] {
    [("quorum", QueueOptions::quorum()), ("classic", QueueOptions::plain())]
}

/// Two endpoints that send to each other, in a virtual host of their own.
pub(crate) struct Pair {
    pub(crate) kind: &'static str,
    pub(crate) east: Bus,
    pub(crate) west: Bus,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) vhost: VirtualHost,
    served: u64,
    serves: JoinSet<Result<(), leveret::publish::SendError>>,
}

impl Pair {
    pub(crate) async fn start(broker: &Broker, (kind, queue): (&'static str, QueueOptions)) -> Self {
        Self::start_at(broker, (kind, queue), "").await
    }

    /// `query` is appended to the URL.
    pub(crate) async fn start_at(
        broker: &Broker,
        (kind, queue): (&'static str, QueueOptions),
        query: &str,
    ) -> Self {
        let (vhost, ledger) = (broker.vhost().await, Arc::new(Ledger::default()));
        let builder = || {
            Bus::builder(format!("{}{query}", vhost.url()))
                .queue(queue.clone())
                .concurrency(16)
                .start_timeout(PATIENCE)
                .publish_timeout(2 * PATIENCE) // longer than any outage: no send may fail
        };
        let east = builder().endpoint(East(ledger.clone())).start().await.unwrap();
        let west = builder().endpoint(West(ledger.clone())).start().await.unwrap();
        Self { kind, east, west, ledger, vhost, served: 0, serves: JoinSet::new() }
    }

    /// One pair for each kind of queue.
    pub(crate) async fn of_each_kind(broker: &Broker) -> Vec<Self> {
        let mut pairs = Vec::new();
        for kind in kinds() {
            pairs.push(Self::start(broker, kind).await);
        }
        pairs
    }

    /// Begins to send, all at once, alternately in both directions. Each serve makes two messages.
    pub(crate) fn serve(&mut self, serves: u64) {
        for serve in self.served..self.served + serves {
            let (n, east, west, ledger) =
                (2 * serve, self.east.clone(), self.west.clone(), self.ledger.clone());
            self.serves.spawn(async move {
                ledger.begins(n + 1);
                let sent = if serve.is_multiple_of(2) {
                    ledger.send(n, east.send(ToWest { n })).await
                } else {
                    ledger.send(n, west.send(ToEast { n })).await
                };
                if sent.is_ok() {
                    ledger.confirms(n + 1);
                }
                sent
            });
        }
        self.served += serves;
    }

    /// Waits until all sends have ended: whatever happened to the broker, none may fail.
    pub(crate) async fn all_sent(&mut self) {
        while let Some(sent) = timeout(3 * PATIENCE, self.serves.join_next()).await.expect("a send hangs") {
            sent.unwrap().unwrap();
        }
    }

    /// Ends it: everything was sent, handled, and taken out of the queues; nothing is in `error`. What was sent twice
    /// because its confirm was lost may still be on its way when all is handled.
    pub(crate) async fn ends(mut self) -> Balance {
        self.all_sent().await;
        let balance = self.ledger.balances().await;
        assert!(balance.confirmed as u64 >= 2 * self.served);
        until("both are healthy", async || {
            self.east.health().is_healthy() && self.west.health().is_healthy()
        })
        .await;
        until("the queues are empty", async || {
            self.vhost.list_queues().await.iter().all(|queue| queue.name == "error" || queue.messages == 0)
        })
        .await;
        for bus in [&self.east, &self.west] {
            timeout(PATIENCE, bus.shutdown()).await.expect("the shutdown ends").unwrap();
        }
        for queue in self.vhost.list_queues().await {
            assert_eq!(queue.messages, 0, "{}: left in {}", self.kind, queue.name);
        }
        println!("{}: {balance:?}", self.kind);
        balance
    }
}
