use std::fmt;

use tower::{Layer, Service, ServiceExt, util::BoxCloneSyncService};

use crate::{
    context::Delivery,
    error::{Failure, HandlerError},
};

/// It fails with [`Failure`] and not with `HandlerError`, because layers want a standard error that they can box.
pub(crate) type Layered = BoxCloneSyncService<Delivery, (), Failure>;
type Wrap = Box<dyn FnOnce(Layered) -> Layered + Send + Sync>;

/// The layers around a handler, in the order in which they were added: the first is the outermost.
///
/// Any `tower::Layer` will do whose service takes a [`Delivery`] and answers `()`.
#[derive(Default)]
pub(crate) struct Stack {
    wraps: Vec<Wrap>,
}

impl Stack {
    pub(crate) fn push<L>(&mut self, layer: L)
    where
        L: Layer<Layered> + Send + Sync + 'static,
        L::Service: Service<Delivery, Response = ()> + Clone + Send + Sync + 'static,
        <L::Service as Service<Delivery>>::Error: Into<HandlerError>,
        <L::Service as Service<Delivery>>::Future: Send + 'static,
    {
        self.wraps.push(Box::new(move |inner| {
            BoxCloneSyncService::new(layer.layer(inner).map_err(|error| error.into().into_failure()))
        }));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.wraps.is_empty()
    }

    pub(crate) fn around(self, innermost: Layered) -> Layered {
        self.wraps.into_iter().rev().fold(innermost, |inner, wrap| wrap(inner))
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stack").field("layers", &self.wraps.len()).finish()
    }
}
