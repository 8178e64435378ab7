//! Endpoints: what handles which message.

mod endpoint;
mod route;

pub use self::endpoint::Endpoint;
pub use self::route::Route;
