use std::sync::Arc;

use leveret::{Bus, HandlerError, handler};
use leveret_tests::broker::VirtualHost;

use crate::{
    contract::ShipOrder,
    count::{Count, MESSAGES, PerMessage},
};

/// How many messages are sent at the same time.
const IN_FLIGHT: u32 = 250;

struct Warehouse(Arc<Count>);

#[handler(endpoint = "warehouse")]
impl Warehouse {
    #[handler]
    async fn ship(&self, _: ShipOrder) -> Result<(), HandlerError> {
        self.0.one();
        Ok(())
    }
}

/// Sends by a bus with an endpoint, whose messages have all nine headers. What arrives waits for [`handle`].
pub(crate) async fn send(vhost: &VirtualHost) -> PerMessage {
    let bus = Bus::builder(vhost.url()).endpoint(Warehouse(Arc::default())).start().await.unwrap();
    bus.pause().await.unwrap();
    let count = Arc::new(Count::default());
    for _ in 0..IN_FLIGHT {
        let (bus, count) = (bus.clone(), count.clone());
        tokio::spawn(async move {
            let order = ShipOrder::sample();
            for _ in 0..MESSAGES / IN_FLIGHT {
                bus.send(order.clone()).await.unwrap();
                count.one();
            }
        });
    }
    let result = count.result().await;
    bus.shutdown().await.unwrap();
    result
}

/// Handles what [`send`] has sent.
pub(crate) async fn handle(vhost: &VirtualHost) -> PerMessage {
    let count = Arc::new(Count::default());
    let warehouse = Warehouse(count.clone());
    let bus = Bus::builder(vhost.url()).endpoint(warehouse).concurrency(16).start().await.unwrap();
    let result = count.result().await;
    bus.shutdown().await.unwrap();
    result
}
