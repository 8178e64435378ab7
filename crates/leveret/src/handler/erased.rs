use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll},
};

use tower::Service;

use super::{Endpoint, Route};
use crate::{
    context::{Context, Delivery},
    error::{Failure, HandlerError},
};

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An [`Endpoint`] without its type, so that the bus and its builder need none.
pub(crate) trait ErasedEndpoint: Send + Sync + 'static {
    fn name(&self) -> &'static str;
    fn routes(&self) -> &'static [Route];
    fn dispatch<'a>(
        &'a self,
        route: &'a Route,
        delivery: Delivery,
        ctx: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>>;
}

impl<E: Endpoint> ErasedEndpoint for E {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn routes(&self) -> &'static [Route] {
        E::ROUTES
    }

    fn dispatch<'a>(
        &'a self,
        route: &'a Route,
        delivery: Delivery,
        ctx: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(Endpoint::dispatch(self, route, delivery, ctx))
    }
}

/// The innermost service, which all layers are around: finds the handler, and runs it in a transaction of its own.
#[derive(Clone)]
pub(crate) struct HandlerService {
    endpoint: Arc<dyn ErasedEndpoint>,
}

impl HandlerService {
    pub(crate) fn new(endpoint: Arc<dyn ErasedEndpoint>) -> Self {
        Self { endpoint }
    }

    /// Runs the handler of the message, and leaves its transaction in the scope.
    pub(crate) async fn handle(&self, delivery: Delivery) -> Result<(), Failure> {
        let endpoint = &self.endpoint;
        let Some(route) = endpoint.routes().iter().find(|route| Some(route.handler) == delivery.handler())
        else {
            return Err(nobody_takes(&delivery, endpoint.name()).into_failure());
        };
        let ctx = Context::new(delivery.clone());
        endpoint.dispatch(route, delivery, &ctx).await.map_err(HandlerError::into_failure)?;
        ctx.succeed();
        Ok(())
    }
}

impl fmt::Debug for HandlerService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HandlerService").field(&self.endpoint.name()).finish()
    }
}

impl Service<Delivery> for HandlerService {
    type Response = ();
    type Error = Failure;
    type Future = BoxFuture<'static, Result<(), Failure>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, delivery: Delivery) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { service.handle(delivery).await })
    }
}

fn nobody_takes(delivery: &Delivery, endpoint: &str) -> HandlerError {
    let name = delivery.facts().message_type();
    let what = name.map_or_else(|| "a message without a type".to_owned(), |name| format!("`{name}`"));
    format!("the endpoint `{endpoint}` has no handler for {what}").into()
}
