use std::sync::Arc;

use super::{Prepared, SendError, Sink};
use crate::{
    headers::Text,
    lazy::BoxFuture,
    transport::{Outgoing, PublishError, PublishErrorKind, Publisher},
};

/// Hands messages straight to the broker.
///
/// A command or a reply that the direct exchange cannot route goes once more through the default exchange, which reaches
/// a queue that lacks the binding (design §3).
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

impl Sink for DirectSink {
    fn accept(&self, prepared: Prepared) -> BoxFuture<'_, Result<(), SendError>> {
        let outgoing = prepared.depart();
        let by_name = (outgoing.exchange == self.direct_exchange)
            .then(|| Outgoing { exchange: Text::default(), ..outgoing.clone() });
        let published = self.publisher.publish(outgoing);
        Box::pin(async move {
            let Err(error) = published.await else { return Ok(()) };
            match by_name {
                Some(by_name) if is_unroutable(&error) => {
                    let second = self.publisher.publish(by_name).await;
                    // Both ways are closed: the first error names the exchange, which says more.
                    second.map_err(|second| if is_unroutable(&second) { error } else { second }.into())
                }
                _ => Err(error.into()),
            }
        })
    }
}

fn is_unroutable(error: &PublishError) -> bool {
    matches!(error.kind(), PublishErrorKind::Unroutable { .. })
}
