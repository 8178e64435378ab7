use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    ClientId, State,
    queue::{Message, Stored},
    timers::Timer,
};
use crate::{
    delay::{DELIVERY_EXCHANGE, MAX_DELAY},
    headers::Text,
    transport::{Outgoing, PublishErrorKind},
};

/// Where delayed messages end whose queue is gone when they are due (design §5).
const UNDELIVERABLE: &str = "error";

impl State {
    pub(crate) fn publish(
        &mut self,
        client: ClientId,
        outgoing: Outgoing,
        now: Instant,
    ) -> Result<(), PublishErrorKind> {
        if !self.clients.contains_key(&client) {
            return Err(PublishErrorKind::Closed);
        }
        expiration(outgoing.envelope.properties.expiration.as_deref())?;
        let Outgoing { mut envelope, exchange, routing_key, .. } = outgoing;
        if envelope.properties.user_id.is_some() {
            Arc::make_mut(&mut envelope).properties.user_id = None; // never forwarded
        }
        let message = Message { envelope, exchange, routing_key };
        if let Some(delay) = outgoing.delay.filter(|delay| !delay.is_zero()) {
            return self.delay(message, delay, now);
        }
        let queues = self
            .route(&message.exchange, &message.routing_key)
            .ok_or_else(|| rejected(404, format!("NOT_FOUND - no exchange '{}'", message.exchange)))?;
        if queues.is_empty() && outgoing.mandatory {
            return Err(unroutable(&message));
        }
        let mut refused = false;
        for name in queues {
            if self.queues.get(&name).is_some_and(|queue| queue.refuses()) {
                refused = true;
            } else {
                self.enqueue(&name, message.clone(), now);
            }
        }
        if refused { Err(PublishErrorKind::Refused) } else { Ok(()) }
    }

    /// The queues that get a message, or `None` if there is no such exchange.
    pub(super) fn route(&self, exchange: &str, key: &str) -> Option<Vec<Arc<str>>> {
        if exchange.is_empty() {
            return Some(self.queue_name(key).into_iter().collect());
        }
        self.exchanges.get(exchange).map(|exchange| exchange.route(key))
    }

    /// Puts a message at the end of a queue, however full.
    pub(super) fn enqueue(&mut self, name: &Arc<str>, message: Message, now: Instant) {
        let own = expiration(message.envelope.properties.expiration.as_deref()).ok().flatten();
        let ttl = self.queues.get(name).and_then(|queue| queue.rules.ttl);
        let shorter = own.into_iter().chain(ttl).min();
        // A time too far to be told never comes.
        let expires = shorter.and_then(|after| now.checked_add(after));
        let stored = Stored::new(message, self.fresh(), expires);
        self.make_ready(name, stored);
        self.pump(name, now);
    }

    /// Keeps a message for the queue that its key names. Neither its expiration nor its priority counts: they would make
    /// it too early, or others too late (design §5).
    fn delay(&mut self, mut message: Message, delay: Duration, now: Instant) -> Result<(), PublishErrorKind> {
        let queue = self.queue_name(&message.routing_key).ok_or_else(|| unroutable(&message))?;
        let too_long = || PublishErrorKind::DelayTooLong { delay, limit: MAX_DELAY };
        let due = now.checked_add(delay).ok_or_else(too_long)?;
        let properties = &message.envelope.properties;
        if properties.expiration.is_some() || properties.priority.is_some() {
            let properties = &mut Arc::make_mut(&mut message.envelope).properties;
            (properties.expiration, properties.priority) = (None, None);
        }
        message.exchange = Text::literal(DELIVERY_EXCHANGE);
        let position = self.fresh();
        self.set_timer(due, position, Timer::Arrive { queue, message });
        Ok(())
    }

    /// Lets a delayed message arrive.
    pub(super) fn arrive(&mut self, queue: &str, message: Message, now: Instant) {
        if let Some(name) = self.queue_name(queue).or_else(|| self.queue_name(UNDELIVERABLE)) {
            self.enqueue(&name, message, now);
        } else {
            tracing::warn!(
                queue,
                "a delayed message is lost: its queue is gone, and there is no error queue"
            );
        }
    }
}

/// A message's own time to live.
fn expiration(text: Option<&str>) -> Result<Option<Duration>, PublishErrorKind> {
    let Some(text) = text else { return Ok(None) };
    let millis: u64 = text
        .parse()
        .map_err(|_| rejected(406, format!("PRECONDITION_FAILED - invalid expiration '{text}'")))?;
    Ok(Some(Duration::from_millis(millis)))
}

fn unroutable(message: &Message) -> PublishErrorKind {
    PublishErrorKind::Unroutable {
        exchange: message.exchange.as_str().to_owned(),
        routing_key: message.routing_key.as_str().to_owned(),
    }
}

fn rejected(code: u16, text: String) -> PublishErrorKind {
    PublishErrorKind::Rejected { code, text }
}
