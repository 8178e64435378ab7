//! Exchanges, queues and bindings, as plain data: what to declare, without declaring it.

mod layout;
mod limits;
mod matching;
mod objects;
mod options;
mod overlap;
mod reply_queue;

pub(crate) use self::layout::ExchangeNames;
pub use self::layout::Layout;
pub use self::limits::{InvalidName, MAX_ENDPOINT_NAME, MAX_NAME, check_endpoint_name, check_name};
pub use self::matching::matches;
pub use self::objects::{Binding, Exchange, ExchangeKind, Queue, Topology};
pub use self::options::QueueOptions;
pub use self::overlap::overlap;
pub(crate) use self::overlap::same;
pub(crate) use self::reply_queue::reply_queue;
