use super::{
    ClientId, State,
    exchange::Exchange,
    queue::Queue,
    rules::{Rules, differences},
};
use crate::{
    topology::{self, Binding, Topology, check_name},
    transport::TransportErrorKind,
};

impl State {
    pub(crate) fn declare(
        &mut self,
        client: ClientId,
        topology: &Topology,
    ) -> Result<(), TransportErrorKind> {
        self.check_open(client)?;
        if topology.check_only {
            return self.check(topology);
        }
        self.declare_all(topology)?;
        if let Some(remembered) = self.clients.get_mut(&client) {
            remembered.merge(topology);
        }
        Ok(())
    }

    pub(crate) fn bind(&mut self, client: ClientId, binding: &Binding) -> Result<(), TransportErrorKind> {
        self.check_open(client)?;
        self.add_binding(binding)?;
        if let Some(remembered) = self.clients.get_mut(&client) {
            remembered.bind(binding);
        }
        Ok(())
    }

    pub(crate) fn unbind(&mut self, client: ClientId, binding: &Binding) -> Result<(), TransportErrorKind> {
        self.check_open(client)?;
        if let Some(remembered) = self.clients.get_mut(&client) {
            remembered.unbind(binding);
        }
        if let Some(exchange) = self.exchanges.get_mut(&binding.exchange) {
            exchange.unbind(binding);
        }
        Ok(())
    }

    pub(crate) fn depth(&self, client: ClientId, queue: &str) -> Result<u32, TransportErrorKind> {
        self.check_open(client)?;
        let queue = self.queues.get(queue).ok_or_else(|| no_queue("count the messages of", queue))?;
        Ok(u32::try_from(queue.depth()).unwrap_or(u32::MAX))
    }

    /// Deletes a queue. Other clients that consume it and remember its declaration declare it again, as a transport on
    /// RabbitMQ does when the broker cancels its consumer.
    pub(crate) fn delete_queue(&mut self, client: ClientId, name: &str) -> Result<(), TransportErrorKind> {
        self.check_open(client)?;
        if let Some(remembered) = self.clients.get_mut(&client) {
            remembered.forget_queue(name);
        }
        let Some(queue) = self.queues.remove(name) else { return Ok(()) };
        for (expires, position) in queue.expiring() {
            self.timers.clear(expires, position);
        }
        for exchange in self.exchanges.values_mut() {
            exchange.forget_queue(name);
        }
        for consuming in self.subscribers.queue_deleted(name) {
            let again = self.clients.get(&consuming).map(|remembered| only(remembered, name));
            // What cannot be declared again now is not consumed until somebody declares it; RabbitMQ's transport goes
            // on trying, with the same result.
            let _ = again.map(|topology| self.declare_all(&topology));
        }
        Ok(())
    }

    fn declare_all(&mut self, topology: &Topology) -> Result<(), TransportErrorKind> {
        topology.exchanges.iter().try_for_each(|exchange| self.declare_exchange(exchange))?;
        topology.queues.iter().try_for_each(|queue| self.declare_queue(queue))?;
        topology.bindings.iter().try_for_each(|binding| self.add_binding(binding))
    }

    fn check(&self, topology: &Topology) -> Result<(), TransportErrorKind> {
        let missing = topology.exchanges.iter().find(|exchange| !self.exchanges.contains_key(&exchange.name));
        if let Some(exchange) = missing {
            return Err(no_exchange("find", &exchange.name));
        }
        let missing = topology.queues.iter().find(|queue| !self.queues.contains_key(queue.name.as_str()));
        missing.map_or(Ok(()), |queue| Err(no_queue("find", &queue.name)))
    }

    fn declare_exchange(&mut self, exchange: &topology::Exchange) -> Result<(), TransportErrorKind> {
        let topology::Exchange { name, kind } = exchange;
        let action = format!("declare the exchange `{name}`");
        free("exchange name", name, &action)?;
        let existing = self.exchanges.entry(name.clone()).or_insert_with(|| Exchange::new(*kind)).kind;
        if existing == *kind {
            return Ok(());
        }
        let text = format!(
            "PRECONDITION_FAILED - inequivalent arg 'type' for exchange '{name}': received '{}' but current is '{}'",
            kind.as_str(),
            existing.as_str()
        );
        Err(TransportErrorKind::Refused { action, code: 406, text })
    }

    fn declare_queue(&mut self, queue: &topology::Queue) -> Result<(), TransportErrorKind> {
        let topology::Queue { name, arguments, adopt } = queue;
        let action = format!("declare the queue `{name}`");
        free("queue name", name, &action)?;
        if let Some(existing) = self.queues.get(name.as_str()) {
            let differences = differences(&existing.arguments, arguments);
            if differences.is_empty() {
                return Ok(());
            }
            if *adopt {
                tracing::warn!(
                    queue = name,
                    ?differences,
                    "the queue exists with other arguments and is taken as it is"
                );
                return Ok(());
            }
            return Err(TransportErrorKind::QueueMismatch { queue: name.clone(), differences });
        }
        let rules = Rules::parse(arguments).map_err(|argument| {
            let text = format!("PRECONDITION_FAILED - invalid arg '{argument}' for queue '{name}'");
            TransportErrorKind::Refused { action, code: 406, text }
        })?;
        self.queues.insert(name.as_str().into(), Queue::new(arguments.clone(), rules));
        Ok(())
    }

    fn add_binding(&mut self, binding: &Binding) -> Result<(), TransportErrorKind> {
        let action = format!("bind the queue `{}` to the exchange `{}`", binding.queue, binding.exchange);
        if binding.exchange.is_empty() {
            let text = "ACCESS_REFUSED - operation not permitted on the default exchange".to_owned();
            return Err(TransportErrorKind::AccessRefused { action, text });
        }
        if !binding.key.is_empty() {
            usable("binding key", &binding.key, &action)?;
        }
        let queue = self.queue_name(&binding.queue).ok_or_else(|| no_queue("bind", &binding.queue))?;
        let exchange = self
            .exchanges
            .get_mut(&binding.exchange)
            .ok_or_else(|| no_exchange("bind to", &binding.exchange))?;
        exchange.bind(queue, binding);
        Ok(())
    }
}

/// What a client remembers of one queue.
fn only(remembered: &Topology, queue: &str) -> Topology {
    let mut topology = remembered.clone();
    topology.queues.retain(|other| other.name == queue);
    topology.bindings.retain(|binding| binding.queue == queue);
    topology
}

/// A name that may be declared.
fn free(what: &'static str, name: &str, action: &str) -> Result<(), TransportErrorKind> {
    usable(what, name, action)?;
    if name.starts_with("amq.") {
        let text = format!("ACCESS_REFUSED - {what} '{name}' contains reserved prefix 'amq.*'");
        return Err(TransportErrorKind::AccessRefused { action: action.to_owned(), text });
    }
    Ok(())
}

fn usable(what: &'static str, name: &str, action: &str) -> Result<(), TransportErrorKind> {
    check_name(what, name).map_err(|invalid| TransportErrorKind::Refused {
        action: action.to_owned(),
        code: 501,
        text: invalid.to_string(),
    })
}

pub(super) fn no_queue(verb: &str, name: &str) -> TransportErrorKind {
    let text = format!("NOT_FOUND - no queue '{name}'");
    TransportErrorKind::NotFound { action: format!("{verb} the queue `{name}`"), text }
}

fn no_exchange(verb: &str, name: &str) -> TransportErrorKind {
    let text = format!("NOT_FOUND - no exchange '{name}'");
    TransportErrorKind::NotFound { action: format!("{verb} the exchange `{name}`"), text }
}
