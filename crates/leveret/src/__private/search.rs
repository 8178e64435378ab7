//! Looking through a routing table, in `const` items.

use crate::{handler::Route, message::MessageKind, topology};

/// The first route of the message that `handler` takes, if it is another's, and the route of `handler`.
pub(super) const fn earlier_of_same(routes: &[Route], handler: &str) -> Option<(Route, Route)> {
    let Some(this) = route_of(routes, handler) else { return None };
    let mut rest = routes;
    while let [route, behind @ ..] = rest {
        if same(route.handler, handler) {
            return None;
        }
        if takes_same(route, &this) {
            return Some((*route, this));
        }
        rest = behind;
    }
    None
}

/// The first handler that is `untyped`, if it stands before `handler`.
pub(super) const fn earlier_untyped(routes: &[Route], handler: &str) -> Option<&'static str> {
    let mut rest = routes;
    while let [route, behind @ ..] = rest {
        if same(route.handler, handler) {
            return None;
        }
        if route.untyped {
            return Some(route.handler);
        }
        rest = behind;
    }
    None
}

pub(super) const fn route_of(routes: &[Route], handler: &str) -> Option<Route> {
    let mut rest = routes;
    while let [route, behind @ ..] = rest {
        if same(route.handler, handler) {
            return Some(*route);
        }
        rest = behind;
    }
    None
}

/// Whether two routes take the same messages. Those of any message with a topic are told apart by their patterns.
const fn takes_same(a: &Route, b: &Route) -> bool {
    match (a.kind, b.kind) {
        (MessageKind::Any, MessageKind::Any) => a.topic.is_none() && b.topic.is_none(),
        (MessageKind::Any, _) | (_, MessageKind::Any) => false,
        _ => shared_name(a, b).is_some(),
    }
}

/// A name by which messages of both routes come: that of the contract, or one that it had before.
pub(super) const fn shared_name(a: &Route, b: &Route) -> Option<&'static str> {
    if reads(b, a.message) {
        return Some(a.message);
    }
    let mut also = a.also;
    while let [name, rest @ ..] = also {
        if reads(b, name) {
            return Some(name);
        }
        also = rest;
    }
    None
}

const fn reads(route: &Route, name: &str) -> bool {
    let mut also = route.also;
    while let [alias, rest @ ..] = also {
        if same(alias, name) {
            return true;
        }
        also = rest;
    }
    same(route.message, name)
}

/// `a == b`, which is not yet `const`.
pub(super) const fn same(a: &str, b: &str) -> bool {
    topology::same(a.as_bytes(), b.as_bytes())
}
