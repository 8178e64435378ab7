//! The rules that only the contracts can decide, checked in `const` items.
//!
//! `#[track_caller]` puts the caret on the user's token, where the macro has placed the call. The second line of a
//! panic's text is a note in rustc's own form.

#![allow(clippy::panic, reason = "a panic in a const is how a compile error is made")]

use super::{
    search::{earlier_of_same, earlier_untyped, same, shared_name},
    sentence::Sentence,
};
use crate::{
    handler::Route,
    message::{Contract, MessageKind},
    topology,
};

/// A command's contract names this endpoint.
#[track_caller]
pub const fn check_owner(contract: Contract, endpoint: &str) {
    let Contract { name, address, .. } = contract;
    if matches!(contract.kind, MessageKind::Command) && !same(address, endpoint) {
        panic!(
            "{}",
            Sentence::of(&[
                "`",
                name,
                "` is a command of endpoint \"",
                address,
                "\", and this is endpoint \"",
                endpoint,
                "\"\n= note: move the handler there, or change `endpoint` in the contract of `",
                name,
                "`",
            ])
            .as_str()
        )
    }
}

/// An event's topic can match the pattern of its handler.
#[track_caller]
pub const fn check_topic(contract: Contract, pattern: &str) {
    let Contract { name, address, .. } = contract;
    match contract.kind {
        MessageKind::Event if !topology::matches(pattern, address) => panic!(
            "{}",
            Sentence::of(&[
                "the topic pattern \"",
                pattern,
                "\" can never match `",
                name,
                "`, which is published on \"",
                address,
                "\"\n= note: change the pattern, or write `#[handler]` alone for the event's own topic",
            ])
            .as_str()
        ),
        MessageKind::Command => panic!(
            "{}",
            Sentence::of(&[
                "`",
                name,
                "` is a command, and a command's handler takes no `topic`\n= note: a command reaches its \
                 endpoint without one: write `#[handler]` alone",
            ])
            .as_str()
        ),
        MessageKind::Reply => panic!(
            "{}",
            Sentence::of(&[
                "`",
                name,
                "` is a reply, and a reply's handler takes no `topic`\n= note: a reply comes back to the \
                 endpoint that asked: write `#[handler]` alone",
            ])
            .as_str()
        ),
        _ => {}
    }
}

/// Only one handler, and one of a command or a reply, takes what names no contract.
#[track_caller]
pub const fn check_untyped(contract: Contract, routes: &[Route], handler: &str) {
    let name = contract.name;
    match contract.kind {
        MessageKind::Event => panic!(
            "{}",
            Sentence::of(&[
                "`",
                name,
                "` is an event, and an event's handler takes no `untyped`\n= note: an event that names no \
                 contract is routed by its topic: write `#[handler]` alone",
            ])
            .as_str()
        ),
        MessageKind::Any => panic!(
            "the handler of `AnyMessage` takes no `untyped`\n= note: it takes whatever no other handler does: write \
             `#[handler]` alone"
        ),
        _ => {}
    }
    if let Some(earlier) = earlier_untyped(routes, handler) {
        panic!(
            "{}",
            Sentence::of(&[
                "`",
                earlier,
                "` and `",
                handler,
                "` are both `untyped`\n= note: an endpoint has one handler for what \
                 names no contract: write `#[handler]` alone above one of them",
            ])
            .as_str()
        )
    }
}

/// No earlier handler takes the same message.
#[track_caller]
pub const fn check_single(routes: &[Route], handler: &str) {
    let Some((other, route)) = earlier_of_same(routes, handler) else { return };
    let earlier = other.handler;
    if let (false, Some(name)) = (matches!(route.kind, MessageKind::Any), shared_name(&other, &route)) {
        let renamed = !(same(name, other.message) && same(name, route.message));
        let instead = if renamed {
            "take the name out of the `also` of one of the types"
        } else {
            "give one of two types another wire name, `#[message(name = \"..\")]`"
        };
        panic!(
            "{}",
            Sentence::of(&[
                "`",
                earlier,
                "` and `",
                handler,
                "` both handle `",
                name,
                "`\n= note: an endpoint has one handler for a message: keep one of them, or ",
                instead,
            ])
            .as_str()
        )
    }
    panic!(
        "{}",
        Sentence::of(&[
            "`",
            earlier,
            "` and `",
            handler,
            "` both take any message without a topic\n= note: keep one of them, or give one of them a pattern, \
             `#[handler(topic = \"..\")]`",
        ])
        .as_str()
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const fn contract(kind: MessageKind, name: &'static str, address: &'static str) -> Contract {
        Contract { name, kind, address, reply: None, mandatory: true, owner: None, also: &[] }
    }

    pub(crate) const SHIP: Contract = contract(MessageKind::Command, "Ship", "shipping");
    pub(crate) const PLACED: Contract = contract(MessageKind::Event, "Placed", "orders.placed");
    pub(crate) const ANY: Contract = contract(MessageKind::Any, "*", "");

    /// The first line of what a check says, or nothing.
    pub(crate) fn says(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
        match std::panic::catch_unwind(check) {
            Ok(()) => String::new(),
            Err(panic) => panic.downcast_ref::<String>().unwrap().lines().next().unwrap().to_owned(),
        }
    }

    #[test]
    fn owners() {
        assert_eq!(says(|| check_owner(SHIP, "shipping")), "");
        assert_eq!(says(|| check_owner(PLACED, "billing")), "");
        let other = "`Ship` is a command of endpoint \"shipping\", and this is endpoint \"billing\"";
        assert_eq!(says(|| check_owner(SHIP, "billing")), other);
    }

    #[test]
    fn topics() {
        assert_eq!(says(|| check_topic(PLACED, "orders.*")), "");
        assert_eq!(says(|| check_topic(ANY, "audit.#")), "");
        assert!(says(|| check_topic(PLACED, "a.b")).starts_with("the topic pattern \"a.b\" can never match"));
        assert!(says(|| check_topic(SHIP, "a.b")).starts_with("`Ship` is a command"));
    }

    #[test]
    fn messages_have_one_handler() {
        let (ship, placed) = (Route::new("ship", SHIP), Route::new("placed", PLACED));
        let (all, audit) = (Route::new("all", ANY), Route::new("audit", ANY).topic("audit.#"));
        let routes = [ship, placed, all, audit, Route::new("again", SHIP), Route::new("rest", ANY)];
        for handler in ["ship", "placed", "all", "audit", "unknown"] {
            assert_eq!(says(move || check_single(&routes, handler)), "", "{handler}");
        }
        assert_eq!(says(move || check_single(&routes, "again")), "`ship` and `again` both handle `Ship`");
        assert_eq!(
            says(move || check_single(&routes, "rest")),
            "`all` and `rest` both take any message without a topic"
        );
    }

    #[test]
    fn former_names_count() {
        const RENAMED: Contract =
            Contract { also: &["Forward", "Ship"], ..contract(MessageKind::Command, "Send", "x") };
        const AGAIN: Contract =
            Contract { also: &["Forward"], ..contract(MessageKind::Command, "Move", "x") };
        let routes = [Route::new("send", RENAMED), Route::new("ship", SHIP), Route::new("move", AGAIN)];
        assert_eq!(says(move || check_single(&routes, "send")), "");
        assert_eq!(says(move || check_single(&routes, "ship")), "`send` and `ship` both handle `Ship`");
        assert_eq!(says(move || check_single(&routes, "move")), "`send` and `move` both handle `Forward`");
    }

    #[test]
    fn one_handler_is_untyped() {
        let routes = [Route::new("ship", SHIP).untyped(), Route::new("back", SHIP).untyped()];
        assert_eq!(says(move || check_untyped(SHIP, &routes, "ship")), "");
        assert_eq!(
            says(move || check_untyped(SHIP, &routes, "back")),
            "`ship` and `back` are both `untyped`"
        );
        assert!(says(move || check_untyped(PLACED, &routes, "x")).starts_with("`Placed` is an event"));
    }
}
