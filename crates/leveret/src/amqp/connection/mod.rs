//! One connection: how it is made, how it ends, and the task that makes the next one.

mod diagnosis;
mod dial;
mod frames;
mod link;
mod supervisor;

pub(super) use self::link::{Life, Link};
pub(super) use self::supervisor::{Connected, Phase, Supervisor};
