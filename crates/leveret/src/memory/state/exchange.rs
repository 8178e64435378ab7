use std::{collections::BTreeSet, sync::Arc};

use crate::topology::{Binding, ExchangeKind, matches};

/// An exchange and what is bound to it.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) kind: ExchangeKind,
    bindings: Vec<Binding>,
}

impl Exchange {
    pub(super) fn new(kind: ExchangeKind) -> Self {
        Self { kind, bindings: Vec::new() }
    }

    /// Binds once: the same binding again changes nothing.
    pub(super) fn bind(&mut self, binding: &Binding) {
        if !self.bindings.contains(binding) {
            self.bindings.push(binding.clone());
        }
    }

    pub(super) fn unbind(&mut self, binding: &Binding) {
        self.bindings.retain(|bound| bound != binding);
    }

    /// Removes the bindings of a queue that is deleted.
    pub(super) fn forget_queue(&mut self, queue: &str) {
        self.bindings.retain(|bound| bound.queue != queue);
    }

    /// The queues that get a message with this key, each once however many of its bindings match.
    pub(super) fn route(&self, key: &str) -> Vec<Arc<str>> {
        let bound = self.bindings.iter().filter(|bound| match self.kind {
            ExchangeKind::Direct => bound.key == key,
            ExchangeKind::Topic => matches(&bound.key, key),
            ExchangeKind::Fanout => true,
        });
        let queues: BTreeSet<&str> = bound.map(|bound| bound.queue.as_str()).collect();
        queues.into_iter().map(Arc::from).collect()
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
                exchange.bind(&Binding::new("e", queue, key));
                exchange.bind(&Binding::new("e", queue, key));
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
