//! Handlers of any message, told apart by their topic patterns.

#![allow(clippy::panic, reason = "a panic in a const is how a compile error is made")]

use super::{
    search::{route_of, same},
    sentence::Sentence,
};
use crate::{handler::Route, message::MessageKind, topology};

/// No earlier handler takes any message on a topic of this one's.
#[track_caller]
pub const fn check_overlap(routes: &[Route], handler: &str) {
    let Some((earlier, this)) = earlier_overlapping(routes, handler) else { return };
    let (Some(pattern), Some(own)) = (earlier.topic, this.topic) else { return };
    if same(pattern, own) {
        panic!(
            "{}",
            Sentence::of(&[
                "`",
                earlier.handler,
                "` and `",
                handler,
                "` both take any message of the topic \"",
                own,
                "\"\n= note: a message goes to one handler: keep one of them, or give one of them another pattern",
            ])
            .as_str()
        )
    }
    panic!(
        "{}",
        Sentence::of(&[
            "`",
            earlier.handler,
            "` and `",
            handler,
            "` both take any message whose topic matches \"",
            pattern,
            "\" and \"",
            own,
            "\"\n= note: a message goes to one handler: change a pattern so that no topic matches both, or let one \
             handler take both",
        ])
        .as_str()
    )
}

/// The first route of any message whose pattern overlaps with that of `handler`, if it is another's, and the route of
/// `handler`.
const fn earlier_overlapping(routes: &[Route], handler: &str) -> Option<(Route, Route)> {
    let Some(this) = route_of(routes, handler) else { return None };
    let mut rest = routes;
    while let Some((route, behind)) = rest.split_first() {
        if same(route.handler, handler) {
            return None;
        }
        if overlap(route, &this) {
            return Some((*route, this));
        }
        rest = behind;
    }
    None
}

/// Whether one message can be on a topic of both routes, which take any.
const fn overlap(a: &Route, b: &Route) -> bool {
    match (a.kind, a.topic, b.kind, b.topic) {
        (MessageKind::Any, Some(a), MessageKind::Any, Some(b)) => topology::overlap(a, b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::check::tests::{ANY, PLACED, says},
        *,
    };

    #[test]
    fn patterns_of_any_message_do_not_overlap() {
        let any = |handler, topic| Route::new(handler, ANY).topic(topic);
        let routes = [
            Route::new("placed", PLACED).topic("orders.*"),
            any("orders", "orders.*"),
            any("audit", "audit.#"),
            Route::new("rest", ANY),
            any("again", "audit.#"),
            any("late", "*.late"),
        ];
        for handler in ["placed", "orders", "audit", "rest", "unknown"] {
            assert_eq!(says(move || check_overlap(&routes, handler)), "", "{handler}");
        }
        assert_eq!(
            says(move || check_overlap(&routes, "again")),
            "`audit` and `again` both take any message of the topic \"audit.#\""
        );
        assert_eq!(
            says(move || check_overlap(&routes, "late")),
            "`orders` and `late` both take any message whose topic matches \"orders.*\" and \"*.late\""
        );
    }
}
