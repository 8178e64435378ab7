//! Declares exchanges, queues and bindings, and remembers them for the next connection.

mod cascade;
mod complaint;
mod declare;
mod memory;
mod mismatch;

pub(super) use self::cascade::{bind_delivery, declare_cascade};
pub(super) use self::declare::{bind, declare, declare_queue, fits, unbind};
pub(super) use self::memory::Memory;
