use std::collections::VecDeque;

use amqprs::channel::ConsumerMessage;
use tokio::sync::mpsc::UnboundedReceiver;

/// The deliveries of one channel, from one consumer after another: the broker may end a consumer and leave the channel,
/// and we do so to change the prefetch. What an ended one has still delivered comes first, for it is unsettled.
///
/// The queues are amqprs' own and unbounded; the prefetch bounds them (hazard H19).
#[derive(Default)]
pub(super) struct Deliveries(VecDeque<UnboundedReceiver<ConsumerMessage>>);

impl Deliveries {
    pub(super) fn follow(&mut self, next: UnboundedReceiver<ConsumerMessage>) {
        self.0.push_back(next);
    }

    /// The next delivery; `None` when all consumers have ended. Cancel safe.
    pub(super) async fn next(&mut self) -> Option<ConsumerMessage> {
        while let Some(first) = self.0.front_mut() {
            if let Some(message) = first.recv().await {
                return Some(message);
            }
            self.0.pop_front();
        }
        None
    }

    /// The next one, if it has come by now.
    pub(super) fn try_next(&mut self) -> Option<ConsumerMessage> {
        self.0.front_mut()?.try_recv().ok()
    }
}
