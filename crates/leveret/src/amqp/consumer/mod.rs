//! The way in: one task for each consumer owns its channel, hands deliveries over, and acknowledges.

mod acks;
mod alarm;
mod burst;
mod deliveries;
mod handed;
mod handle;
mod left_behind;
mod pace;
mod registry;
mod session;
mod settle;
mod settling;
mod suspicion;
mod worker;

#[cfg(feature = "__bench")]
pub(super) use self::acks::AckLedger;
pub(super) use self::handle::AmqpConsumer;
pub(super) use self::registry::Registry;
pub(super) use self::session::{Request, Session};
pub(super) use self::settling::Settling;
