use tokio::sync::mpsc::OwnedPermit;

use crate::transport::{Settle, Settlement};

/// Tells the owner of the channel. The place in its queue was reserved when the message was handed over, so this never
/// waits; and the queue belongs to one channel, so what comes too late for it goes nowhere (hazard H22).
#[derive(Debug)]
pub(crate) struct SettleByOwner {
    pub(crate) tag: u64,
    pub(crate) place: OwnedPermit<(u64, Settlement)>,
}

impl Settle for SettleByOwner {
    fn settle(self: Box<Self>, settlement: Settlement) {
        self.place.send((self.tag, settlement));
    }
}
