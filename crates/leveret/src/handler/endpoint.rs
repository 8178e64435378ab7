use std::future::Future;

use super::Route;
use crate::{
    context::{Context, Delivery},
    error::HandlerError,
};

/// A service: its name, its routing table, and how a delivery reaches a handler.
///
/// `#[handler(endpoint = "..")]` writes it; by hand it looks like this:
///
/// ```
/// use leveret::{Context, Delivery, Endpoint, HandlerError, Message, handler::Route};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(command, endpoint = "echo", reply = Pong)]
/// struct Ping { text: String }
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(reply)]
/// struct Pong { text: String }
///
/// struct Echo;
///
/// impl Endpoint for Echo {
///     const NAME: &'static str = "echo";
///     const ROUTES: &'static [Route] = &[Route::of::<Ping>("ping")];
///
///     async fn dispatch(&self, route: &Route, delivery: Delivery, ctx: &Context) -> Result<(), HandlerError> {
///         match route.handler {
///             "ping" => {
///                 let ping: Ping = delivery.decode()?;
///                 ctx.answer(Pong { text: ping.text }).await
///             }
///             other => Err(format!("no handler `{other}`").into()),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an endpoint",
    label = "`{Self}` has no handlers",
    note = "write `#[handler(endpoint = \"..\")]` above `impl {Self} {{ .. }}`, and `#[handler]` above its handlers"
)]
pub trait Endpoint: Send + Sync + 'static {
    /// The name of the endpoint, and of its queue.
    const NAME: &'static str;

    /// What it handles. Readable without running anything.
    const ROUTES: &'static [Route];

    /// Runs the handler of `route`.
    ///
    /// # Errors
    /// What the handler failed with.
    fn dispatch(
        &self,
        route: &Route,
        delivery: Delivery,
        ctx: &Context,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;
}
