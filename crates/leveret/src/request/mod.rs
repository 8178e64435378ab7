//! Requests: commands whose reply is awaited.

mod builder;
mod error;
mod pending;
mod replies;
mod requester;

pub use self::builder::Request;
pub use self::error::{RequestError, RequestErrorKind};
pub(crate) use self::requester::{Requester, RequesterOptions};
