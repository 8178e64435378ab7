//! What both macros need.

mod entry;
mod errors;
mod krate;
mod nearest;
mod number;
pub(crate) mod place;
mod plain;
pub(crate) mod words;

pub(crate) use self::entry::{Entry, entries};
pub(crate) use self::errors::{Errors, Mistake};
pub(crate) use self::krate::private;
pub(crate) use self::number::number;
pub(crate) use self::plain::plain;
