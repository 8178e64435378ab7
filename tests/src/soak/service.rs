use std::{sync::Arc, time::Duration};

use leveret::{Context, HandlerError, handler};
use tokio::time::sleep;

use super::{
    contracts::{Happened, Job, Load},
    ledger::{Handling, Ledger},
};

/// Every so many messages one takes long, so that faults find handlers at work.
const SLOW: u64 = 100;

/// Notes in the ledger what arrives.
pub(super) struct Service {
    pub(super) ledger: Arc<Ledger>,
}

#[handler(endpoint = "soak")]
impl Service {
    #[handler]
    async fn job(&self, command: Job, ctx: &Context) -> Result<(), HandlerError> {
        self.handle(&command.load, ctx).await;
        Ok(())
    }

    #[handler]
    async fn happened(&self, event: Happened, ctx: &Context) -> Result<(), HandlerError> {
        self.handle(&event.load, ctx).await;
        Ok(())
    }
}

impl Service {
    async fn handle(&self, load: &Load, ctx: &Context) {
        if load.number.is_multiple_of(SLOW) {
            sleep(Duration::from_millis(50)).await;
        }
        let received = ctx.received();
        self.ledger.handled(Handling {
            number: load.number,
            whole: load.is_whole(),
            redelivered: received.redelivered,
            epoch: received.epoch,
        });
    }
}
