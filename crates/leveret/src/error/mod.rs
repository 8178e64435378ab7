//! What can go wrong: the errors of handlers, and the shape of every other error of this crate.

mod handler_error;
mod kinded;
mod result_ext;

pub use self::handler_error::{Class, Failure, HandlerError};
pub use self::kinded::{Error, ErrorKind};
pub use self::result_ext::HandlerResultExt;

/// Any error that may cross threads, boxed.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;
