use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use amqprs::{
    Ack, BasicProperties, Cancel, CloseChannel, FieldTable, Nack, Return,
    callbacks::ChannelCallback,
    channel::{
        BasicAckArguments, BasicConsumeArguments, BasicPublishArguments, BasicQosArguments, Channel,
        ConfirmSelectArguments, QueueDeclareArguments,
    },
    connection::{Connection, OpenConnectionArguments},
    error::Error,
};
use async_trait::async_trait;
use leveret_tests::broker::Broker;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    contract::ShipOrder,
    count::{Count, MESSAGES, PerMessage},
};

const QUEUE: &str = "warehouse";
/// How many messages are published before their confirms are awaited.
const BATCH: u32 = 250;

/// The client library, as a program without a bus would use it.
pub(crate) struct ByHand {
    channel: Channel,
    confirmed: Arc<Confirmed>,
    _connection: Connection,
}

pub(crate) async fn connect(broker: &Broker, vhost: &str) -> ByHand {
    let mut arguments = OpenConnectionArguments::new("127.0.0.1", broker.port(), "guest", "guest");
    let connection = Connection::open(arguments.virtual_host(vhost)).await.unwrap();
    let channel = connection.open_channel(None).await.unwrap();
    let confirmed = Arc::new(Confirmed::default());
    channel
        .register_callback(OnChannel(confirmed.clone(), vec![false; 1 + MESSAGES as usize]))
        .await
        .unwrap();
    channel.queue_declare(QueueDeclareArguments::durable_client_named(QUEUE)).await.unwrap();
    channel.confirm_select(ConfirmSelectArguments::default()).await.unwrap();
    ByHand { channel, confirmed, _connection: connection }
}

impl ByHand {
    /// Publishes the same messages, confirmed, and waits for nothing but the confirms.
    pub(crate) async fn publish(&self) -> PerMessage {
        let (count, order) = (Count::default(), ShipOrder::sample());
        for batch in 1..=MESSAGES / BATCH {
            for _ in 0..BATCH {
                let body = serde_json::to_vec(&order.clone()).unwrap();
                let mut arguments = BasicPublishArguments::new("", QUEUE);
                arguments.mandatory(true);
                self.channel.basic_publish(properties(), body, arguments).await.unwrap();
            }
            self.confirmed.up_to(u64::from(batch * BATCH)).await;
            (0..BATCH).for_each(|_| count.one());
        }
        count.result().await
    }

    /// Takes, decodes and acknowledges what was published.
    pub(crate) async fn consume(&self) -> PerMessage {
        self.channel.basic_qos(BasicQosArguments::new(0, 16, false)).await.unwrap();
        let consume = BasicConsumeArguments::new(QUEUE, "");
        let (_, mut messages) = self.channel.basic_consume_rx(consume).await.unwrap();
        let count = Count::default();
        for _ in 0..MESSAGES {
            let message = messages.recv().await.unwrap();
            let order: ShipOrder = serde_json::from_slice(&message.content.unwrap()).unwrap();
            drop(order);
            let tag = message.deliver.unwrap().delivery_tag();
            self.channel.basic_ack(BasicAckArguments::new(tag, false)).await.unwrap();
            count.one();
        }
        count.result().await
    }
}

/// What the bus writes, and no allocation that the client does not ask for: it takes each text as a `String`.
fn properties() -> BasicProperties {
    let mut buffer = Uuid::encode_buffer();
    let id: &str = Uuid::now_v7().hyphenated().encode_lower(&mut buffer);
    let mut headers = FieldTable::new();
    for (name, value) in [
        ("PikaBus.MessageId", id),
        ("PikaBus.CorrelationId", id),
        ("PikaBus.ReplyToAddress", QUEUE),
        ("PikaBus.OriginatingAddress", QUEUE),
        ("PikaBus.ContentType", "application/json"),
        ("PikaBus.ContentEncoding", "utf-8"),
        ("PikaBus.MessageType", "ShipOrder"),
        ("PikaBus.Intent", "command"),
        ("PikaBus.TimeSent", "2026-08-07T16:32:19.123456+00:00"),
    ] {
        headers.insert(name.try_into().unwrap(), value.into());
    }
    let text = |text: &str| Some(text.to_owned());
    BasicProperties::new(
        text("application/json"),
        text("utf-8"),
        Some(headers),
        Some(amqprs::DELIVERY_MODE_PERSISTENT),
        None,
        text(id),
        text(QUEUE),
        None,
        text(id),
        Some(1_786_120_339),
        text("ShipOrder"),
        None,
        None,
        None,
    )
}

/// How many messages of the channel the broker has confirmed.
#[derive(Default)]
struct Confirmed {
    messages: AtomicU64,
    more: Notify,
}

impl Confirmed {
    async fn up_to(&self, messages: u64) {
        while self.messages.load(Ordering::Acquire) < messages {
            self.more.notified().await;
        }
    }
}

/// Which tags are confirmed, of those of one batch after the other.
struct OnChannel(Arc<Confirmed>, Vec<bool>);

#[async_trait]
impl ChannelCallback for OnChannel {
    async fn publish_ack(&mut self, _: &Channel, ack: Ack) {
        let tag = usize::try_from(ack.delivery_tag()).unwrap();
        let first = if ack.mutiple() { tag.saturating_sub(BATCH as usize - 1) } else { tag };
        for slot in self.1.get_mut(first..=tag).unwrap() {
            if !std::mem::replace(slot, true) {
                self.0.messages.fetch_add(1, Ordering::Release);
            }
        }
        self.0.more.notify_one();
    }

    async fn publish_nack(&mut self, _: &Channel, nack: Nack) {
        panic!("{} is not confirmed", nack.delivery_tag());
    }

    async fn publish_return(&mut self, _: &Channel, returned: Return, _: BasicProperties, _: Vec<u8>) {
        panic!("{returned} is not routed");
    }

    async fn close(&mut self, _: &Channel, close: CloseChannel) -> Result<(), Error> {
        panic!("{close}");
    }

    async fn cancel(&mut self, _: &Channel, _: Cancel) -> Result<(), Error> {
        Ok(())
    }

    async fn flow(&mut self, _: &Channel, active: bool) -> Result<bool, Error> {
        Ok(active)
    }
}
