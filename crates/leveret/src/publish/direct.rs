use std::sync::Arc;

use async_trait::async_trait;

use super::{Prepared, SendError, Sink};
use crate::{
    headers::Text,
    transport::{Outgoing, PublishErrorKind, Publisher},
};

/// Hands messages straight to the broker.
#[derive(Debug)]
pub(crate) struct DirectSink {
    publisher: Arc<dyn Publisher>,
    direct_exchange: Text,
}

impl DirectSink {
    pub(crate) fn new(publisher: Arc<dyn Publisher>, direct_exchange: Text) -> Self {
        Self { publisher, direct_exchange }
    }
}

#[async_trait]
impl Sink for DirectSink {
    /// A command or a reply that the direct exchange cannot route goes once more through the default exchange, which
    /// reaches a queue that lacks the binding (design §3).
    async fn accept(&self, prepared: Prepared) -> Result<(), SendError> {
        let outgoing = prepared.depart();
        let by_name = (outgoing.exchange == self.direct_exchange)
            .then(|| Outgoing { exchange: Text::default(), ..outgoing.clone() });
        let error = match self.publisher.publish(outgoing).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        match by_name {
            Some(by_name) if matches!(error.kind(), PublishErrorKind::Unroutable { .. }) => {
                // Both ways are closed: the first error names the exchange, which says more.
                self.publisher.publish(by_name).await.map_err(|second| match second.kind() {
                    PublishErrorKind::Unroutable { .. } => error.into(),
                    _ => second.into(),
                })
            }
            _ => Err(error.into()),
        }
    }
}
