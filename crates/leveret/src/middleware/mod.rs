//! What stands around a handler: the layers of the user, a time limit, and the end of every panic.

mod guard;
mod panics;
mod stack;

pub(crate) use self::guard::guarded;
pub(crate) use self::panics::install_panic_hook;
pub(crate) use self::stack::{Layered, Stack};
