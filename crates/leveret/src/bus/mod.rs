//! The bus: built, started, used, shut down.

mod builder;
mod check;
mod error;
mod handle;
mod health;
mod plan;
mod pulled;
mod recovering;
mod shutdown;
mod signal;
mod startup;
mod subscription;
mod target;

pub use self::builder::BusBuilder;
pub use self::error::{BusError, BusErrorKind, StartError, StartErrorKind};
pub use self::handle::Bus;
use self::handle::{Core, EndpointHandle};
pub use self::health::Health;
pub use self::pulled::Pulled;
pub use self::subscription::Subscription;
pub use self::target::Target;
