use std::sync::Arc;

use crate::topology::{Binding, ExchangeKind, matches};

/// An exchange and what is bound to it.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) kind: ExchangeKind,
    /// With the names of their queues, as they are shared.
    bindings: Vec<(Arc<str>, Binding)>,
}

impl Exchange {
    pub(super) fn new(kind: ExchangeKind) -> Self {
        Self { kind, bindings: Vec::new() }
    }

    /// Binds once: the same binding again changes nothing.
    pub(super) fn bind(&mut self, queue: Arc<str>, binding: &Binding) {
        if !self.bindings.iter().any(|(_, bound)| bound == binding) {
            self.bindings.push((queue, binding.clone()));
        }
    }

    pub(super) fn unbind(&mut self, binding: &Binding) {
        self.bindings.retain(|(_, bound)| bound != binding);
    }

    /// Removes the bindings of a queue that is deleted.
    pub(super) fn forget_queue(&mut self, queue: &str) {
        self.bindings.retain(|(bound, _)| **bound != *queue);
    }

    /// The queues that get a message with this key, in the order of their names, each once however many of its bindings
    /// match.
    pub(super) fn route(&self, key: &str) -> Vec<Arc<str>> {
        let bound = self.bindings.iter().filter(|(_, bound)| match self.kind {
            ExchangeKind::Direct => bound.key == key,
            ExchangeKind::Topic => matches(&bound.key, key),
            ExchangeKind::Fanout => true,
        });
        let mut queues: Vec<_> = bound.map(|(queue, _)| Arc::clone(queue)).collect();
        queues.sort_unstable();
        queues.dedup();
        queues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_routes_its_way() {
        let bindings = [("a", "x.*"), ("a", "x.y"), ("b", "x.y"), ("c", "#"), ("d", "")];
        let cases: [(ExchangeKind, &str, &[&str]); 6] = [
            (ExchangeKind::Direct, "x.y", &["a", "b"]),
            (ExchangeKind::Direct, "", &["d"]),
            (ExchangeKind::Direct, "X.y", &[]),
            (ExchangeKind::Topic, "x.y", &["a", "b", "c"]),
            (ExchangeKind::Topic, "", &["c", "d"]),
            (ExchangeKind::Fanout, "whatever", &["a", "b", "c", "d"]),
        ];
        for (kind, key, expected) in cases {
            let mut exchange = Exchange::new(kind);
            for (queue, key) in bindings {
                exchange.bind(queue.into(), &Binding::new("e", queue, key));
                exchange.bind(queue.into(), &Binding::new("e", queue, key));
            }
            let queues = exchange.route(key);
            assert_eq!(queues.iter().map(|queue| &**queue).collect::<Vec<_>>(), expected, "{kind:?} {key}");
            exchange.unbind(&Binding::new("e", "a", "x.y"));
            exchange.forget_queue("b");
            exchange.forget_queue("c");
            exchange.forget_queue("d");
            exchange.unbind(&Binding::new("e", "a", "x.*"));
            assert!(exchange.route(key).is_empty(), "{kind:?} {key}");
        }
    }
}
