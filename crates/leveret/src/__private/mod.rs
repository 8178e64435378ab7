//! What the macros' output names. Not part of the API.

mod check;
mod handle;
mod overlap;
mod search;
mod sentence;
mod shape;
mod unmarked;

pub use core::{future::Future, result::Result};

pub use self::check::{check_owner, check_single, check_topic, check_untyped};
pub use self::handle::{Handlers, NotShared, Running, handlers, no_route};
pub use self::overlap::check_overlap;
pub use self::shape::{Argument, Fails, Holds, Kept, Returns, Same, Shared};
pub use self::unmarked::{ContractOf, NoContract, check_unmarked};
pub use crate::context::{Context, Delivery};
pub use crate::error::HandlerError;
pub use crate::handler::{Endpoint, Route};
pub use crate::message::{Message, Named, Permits, kind};
