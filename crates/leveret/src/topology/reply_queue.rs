use std::time::Duration;

use super::{Binding, ExchangeNames, Queue, Topology};
use crate::headers::{Headers, Value};

/// The queue on which one bus awaits the replies to its requests (design §2).
///
/// Durable and not exclusive, because PikaBus binds it to the direct exchange before it replies, and RabbitMQ 4.3
/// refuses transient queues. The broker deletes it when nobody has used it for `expires`.
pub(crate) fn reply_queue(name: &str, expires: Duration, exchanges: &ExchangeNames) -> Topology {
    // RabbitMQ takes 32 bits, 49 days; while the bus consumes from it the queue does not expire at all.
    let expires = u32::try_from(expires.as_millis()).unwrap_or(u32::MAX);
    let arguments = Headers::from_iter([("x-expires", Value::I64(expires.into()))]);
    let mut topology = Topology { queues: vec![Queue::new(name, arguments)], ..Topology::default() };
    topology.bind(&Binding::new(&*exchanges.direct, name, name));
    topology
}
