//! Contracts: what a message is, and which verbs go with it.
//!
//! A type is a message by `#[derive(Message)]`. Its kind is one of [`kind`], exactly one, and each verb of the bus asks
//! for a kind: so an event is never sent, and a command never published.

mod answer;
mod any;
mod contract;
pub mod kind;
mod open;
mod owner;
pub mod verbs;

pub use self::answer::Answer;
pub use self::contract::{Contract, Message, MessageKind};
pub use self::open::{Opened, Promise, Raw};
pub use self::owner::{Named, Permits};
