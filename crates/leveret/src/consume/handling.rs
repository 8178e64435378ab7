use std::sync::Arc;

use tower::{ServiceExt, util::BoxCloneSyncService};

use crate::{
    context::Delivery,
    error::Failure,
    handler::{ErasedEndpoint, HandlerService},
    middleware::{Layered, Stack},
};

/// What runs the handlers of an endpoint.
pub(crate) enum Handling {
    /// The endpoint itself: without layers there is nothing to copy and to box for each message.
    Bare(HandlerService),
    /// The layers around it.
    Layered(Layered),
}

impl Handling {
    pub(crate) fn new(endpoint: Arc<dyn ErasedEndpoint>, layers: Stack) -> Self {
        let bare = HandlerService::new(endpoint);
        if layers.is_empty() {
            Self::Bare(bare)
        } else {
            Self::Layered(layers.around(BoxCloneSyncService::new(bare)))
        }
    }

    pub(super) async fn run(&self, delivery: Delivery) -> Result<(), Failure> {
        match self {
            Self::Bare(service) => service.handle(delivery).await,
            Self::Layered(service) => service.clone().oneshot(delivery).await,
        }
    }
}
