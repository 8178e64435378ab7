use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use amqprs::channel::{BasicCancelArguments, BasicConsumeArguments, BasicQosArguments, ConsumerMessage};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};

use super::{
    acks::Notice,
    alarm::Alarm,
    deliveries::Deliveries,
    handed::{Handed, returns},
    settling::Settling,
    suspicion::{Broken, Progress},
};
use crate::{
    amqp::{
        callbacks::{Cancelled, Ears},
        channel::Channel,
        connection::Link,
        convert::from_wire,
        repeated::Repeated,
        rpc::RPC_TIMEOUT,
        topology::declare_queue,
        trouble::Trouble,
    },
    envelope::Received,
    headers::Headers,
    topology::Queue,
    transport::Incoming,
};

/// A consumer widens when its first message is settled, or after this: a consumer that follows another has a prefetch
/// of its own, so until the first message is settled the broker may send one too many, which waits here.
const WIDEN_AFTER: Duration = Duration::from_millis(100);
/// From this many returns on a message may be the one that kills its process; then nothing else is taken (design §4).
const SUSPICIOUS_RETURNS: i64 = 10;

/// What to consume.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) queue: Arc<str>,
    /// At least 1: to AMQP, 0 means without limit.
    pub(crate) prefetch: u16,
}

impl Request {
    /// How many deliveries of a channel may be unsettled. Twice the prefetch: one consumer may follow another on the same
    /// channel while deliveries of the first are unsettled.
    pub(super) fn most_unsettled(&self) -> usize {
        2 * usize::from(self.prefetch) + 2
    }
}

/// One consuming channel, and what is unsettled on it.
pub(crate) struct Session {
    request: Request,
    channel: Channel,
    pub(super) cancels: mpsc::Receiver<Cancelled>,
    pub(super) deliveries: Deliveries,
    /// How many consumers the channel has had.
    consumers: u32,
    /// `None` while the broker has been asked to send nothing.
    consumer_tag: Option<String>,
    /// Takes one message at a time, until the first shows that it has not been returned again and again.
    narrow: bool,
    /// When it takes as many as it may, at the latest.
    pub(super) widen_at: Alarm,
    pub(super) settling: Settling,
    repeated: Repeated,
    /// Whether there was anything in the queue at the beginning.
    had_messages: bool,
    /// Deliveries of a channel that is gone are not worth handing over: they come again.
    alive: Arc<AtomicBool>,
}

impl Session {
    /// Opens a channel and starts to consume: one message first, which shows whether it kills the process again and again.
    ///
    /// # Errors
    /// Also with what became of the messages: one may kill the connection before the broker's answer is read.
    pub(crate) async fn open(link: &Arc<Link>, request: &Request) -> Result<Self, Broken> {
        Self::begin(link, request, request.prefetch > 1).await
    }

    /// Opens the channel that takes the place of this one, which goes on for what it has unsettled.
    pub(super) async fn successor(&self) -> Result<Self, Trouble> {
        Self::begin(self.link(), &self.request, self.narrow).await.map_err(|broken| broken.trouble)
    }

    async fn begin(link: &Arc<Link>, request: &Request, narrow: bool) -> Result<Self, Broken> {
        let idle = |trouble| Broken::new(trouble, Progress::Idle, link);
        // Few things happen on a consuming channel besides deliveries: its consumer is cancelled, or it ends.
        let (sender, cancels) = mpsc::channel(8);
        let channel =
            Channel::listening(link, Ears { cancels: Some(sender), confirms: None }).await.map_err(idle)?;
        let mut session = Self {
            request: request.clone(),
            channel,
            cancels,
            deliveries: Deliveries::default(),
            consumers: 0,
            consumer_tag: None,
            narrow,
            widen_at: Alarm::default(),
            settling: Settling::new(request.prefetch),
            repeated: Repeated::default(),
            had_messages: false,
            alive: Arc::new(AtomicBool::new(true)),
        };
        let queue = Queue::new(&*request.queue, Headers::new());
        session.had_messages = declare_queue(&session.channel, &queue, true).await.map_err(idle)? > 0;
        match session.consume().await {
            Ok(()) => Ok(session),
            Err(trouble) => Err(Broken::new(trouble, session.progress(), link)),
        }
    }

    /// Starts a consumer on the channel. The prefetch is of the consumer, not of the channel (hazards H19, H23).
    pub(super) async fn consume(&mut self) -> Result<(), Trouble> {
        let prefetch = if self.narrow { 1 } else { self.request.prefetch };
        let qos = BasicQosArguments::new(0, prefetch, false);
        self.channel.call(|raw| async move { raw.basic_qos(qos).await }).await?;
        // Each delivery carries the tag, and amqprs looks it up, so it is short: it differs only on its channel.
        self.consumers += 1;
        let consume = BasicConsumeArguments::new(&self.request.queue, &format!("leveret.{}", self.consumers));
        let (tag, deliveries) =
            self.channel.call(|raw| async move { raw.basic_consume_rx(consume).await }).await?;
        self.consumer_tag = Some(tag);
        self.deliveries.follow(deliveries);
        Ok(())
    }

    /// Asks the broker to send no more; what it has sent still comes.
    pub(super) async fn cancel(&mut self) -> Result<(), Trouble> {
        self.widen_at.clear();
        let Some(tag) = self.consumer_tag.take() else { return Ok(()) };
        let cancel = BasicCancelArguments::new(&tag);
        self.channel.call(|raw| async move { raw.basic_cancel(cancel).await }).await.map(drop)
    }

    /// Whether it was asked to send no more.
    pub(super) fn has_cancelled(&self) -> bool {
        self.consumer_tag.is_none()
    }

    /// The broker has ended a consumer, and the channel lives: begins again on it, where its late acks still count.
    pub(super) async fn cancelled(&mut self, consumer_tag: &str) -> Result<(), Trouble> {
        if self.consumer_tag.as_deref() != Some(consumer_tag) {
            return Ok(());
        }
        tracing::warn!(queue = %self.request.queue, "RabbitMQ has cancelled the consumer, starting it again");
        self.narrow = self.request.prefetch > 1;
        self.widen_at.clear();
        self.consume().await
    }

    /// The first message has not been returned again and again: takes as many as it may. Before that message is
    /// acknowledged on the wire: a quorum queue that has given the old consumer another one takes it back when the
    /// consumer ends, and the next one overtakes it.
    pub(super) async fn widen(&mut self) -> Result<(), Trouble> {
        self.cancel().await?;
        self.consume().await
    }

    /// Makes a message of what arrived. `None` if its parts are missing, which amqprs rules out.
    pub(super) fn receive(&mut self, message: ConsumerMessage) -> Option<Handed> {
        let (Some(deliver), Some(properties), Some(body)) =
            (message.deliver, message.basic_properties, message.content)
        else {
            return None;
        };
        let tag = deliver.delivery_tag();
        let settle = self.settling.delivered(tag);
        let mut received = Received::new(
            from_wire(&properties, body, &mut self.repeated),
            self.repeated.share(deliver.exchange()),
            self.repeated.share(deliver.routing_key()),
            self.request.queue.clone(),
        );
        received.redelivered = deliver.redelivered();
        received.epoch = self.link().epoch;
        if self.narrow && returns(&received) < SUSPICIOUS_RETURNS {
            self.narrow = false;
            self.widen_at.set(Instant::now() + WIDEN_AFTER);
        }
        Some(Handed::new(Incoming::new(received, Box::new(settle)), self.alive.clone()))
    }

    /// Whether one more delivery may be handed over. Once the broker is asked for no more, what it has sent is bounded,
    /// and all of it may be: whoever holds a full window must hear that nothing else comes.
    pub(super) fn has_room(&self) -> bool {
        let most =
            if self.has_cancelled() { self.request.most_unsettled() } else { self.request.prefetch.into() };
        self.settling.unfinished() < most
    }

    /// Notes what is settled, and tells the broker what had better be told now.
    pub(super) async fn settle(&mut self) -> Result<(), Trouble> {
        self.settling.note(&self.channel).await?;
        if self.widen_at.is_set() && self.settling.unfinished() == 0 {
            self.widen().await?;
        }
        self.settling.flush(&self.channel).await
    }

    /// What became of the messages of the queue.
    pub(super) fn progress(&self) -> Progress {
        match (self.settling.has_settled(), self.had_messages) {
            (true, _) => Progress::Made,
            (false, true) => Progress::Stuck,
            (false, false) => Progress::Idle,
        }
    }

    pub(super) fn link(&self) -> &Arc<Link> {
        self.channel.link()
    }

    pub(super) fn trouble(&self) -> Trouble {
        self.channel.trouble()
    }

    /// Tells the broker what is settled, and closes the channel: what is not goes back to the queue.
    pub(crate) async fn close(mut self) {
        let left = self.leave().await;
        self.alive.store(false, Ordering::Release);
        if left.is_ok() {
            self.settling.linger().await;
            self.channel.close().await;
        }
    }

    async fn leave(&mut self) -> Result<(), Trouble> {
        self.cancel().await?;
        // What nobody has begun goes back without blame: 4.3 counts what a closing channel leaves, but not this.
        while let Ok(Some(message)) = timeout(RPC_TIMEOUT, self.deliveries.next()).await {
            if let Some(deliver) = message.deliver {
                let notice = Notice::Return { tag: deliver.delivery_tag() };
                self.settling.tell(&self.channel, notice).await?;
            }
        }
        self.settling.note(&self.channel).await?;
        self.settling.flush_all(&self.channel).await
    }

    /// The channel is gone: what it has handed over will come again.
    pub(super) fn abandon(self) {
        self.alive.store(false, Ordering::Release);
    }
}
