//! Endpoints: what handles which message.

mod endpoint;
mod erased;
mod resolve;
mod route;

pub use self::endpoint::Endpoint;
pub(crate) use self::erased::{ErasedEndpoint, HandlerService};
pub(crate) use self::resolve::{Resolution, resolve};
pub use self::route::Route;
