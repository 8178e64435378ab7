use std::fmt;

use super::Route;
use crate::{
    envelope::{Facts, Intent},
    message::MessageKind,
    topology::matches,
};

/// Who takes a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// This handler.
    Route(&'static Route),
    /// Nobody, and it answers a command of ours: it is of no use to anybody else.
    UnhandledReply,
    /// Nobody, and it is an event: a leftover of an old binding.
    UnmatchedEvent,
    /// Nobody: a newer instance of this endpoint may know it.
    Unknown,
    /// A handler knows its type, as another kind of message than it says it is.
    WrongIntent(WrongIntent),
}

/// A message whose intent is not that of its type: whoever sent it and whoever handles it mean different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WrongIntent {
    message: &'static str,
    says: Intent,
}

impl fmt::Display for WrongIntent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, says } = self;
        match says {
            Intent::Event => write!(f, "`{message}` is no event here, and came as one: send it instead"),
            Intent::Command => {
                write!(f, "`{message}` is an event here, and came as a command: publish it instead")
            }
        }
    }
}

impl std::error::Error for WrongIntent {}

/// Finds the handler for a message (design §2). It never guesses: a message without type goes where exactly one handler
/// can be meant, or to a handler of everything.
pub(crate) fn resolve(routes: &'static [Route], facts: Facts<'_>) -> Resolution {
    let message_type = facts.message_type();
    let is_event = facts.is_event();
    let typed = message_type.as_deref().and_then(|name| by_name(routes, name));
    let untyped = || match (message_type.is_some(), is_event) {
        (true, _) => None,
        (false, true) => event_by_topic(routes, facts),
        (false, false) => routes.iter().find(|route| route.untyped),
    };
    let found = typed.or_else(untyped).or_else(|| whatever_arrives(routes, is_event.then(|| facts.topic())));
    match found {
        Some(route) => match wrong_intent(route, facts.intent()) {
            Some(wrong) => Resolution::WrongIntent(wrong),
            None => Resolution::Route(route),
        },
        None if is_event => Resolution::UnmatchedEvent,
        None if facts.in_reply_to().is_some() => Resolution::UnhandledReply,
        None => Resolution::Unknown,
    }
}

/// Whether the message says that it is another kind than its contract. One that says nothing is what its contract is.
fn wrong_intent(route: &'static Route, intent: Option<Intent>) -> Option<WrongIntent> {
    let means = match route.kind {
        MessageKind::Command | MessageKind::Reply => Intent::Command,
        MessageKind::Event => Intent::Event,
        MessageKind::Any | MessageKind::Broken => return None,
    };
    intent.filter(|says| *says != means).map(|says| WrongIntent { message: route.message, says })
}

fn by_name(routes: &'static [Route], name: &str) -> Option<&'static Route> {
    routes.iter().find(|route| route.kind != MessageKind::Any && route.reads(name))
}

/// By the event's own topic, else by the one pattern that matches it. A copy that no longer says its topic goes to the
/// only handler of events.
fn event_by_topic(routes: &'static [Route], facts: Facts<'_>) -> Option<&'static Route> {
    let events = || routes.iter().filter(|route| route.kind == MessageKind::Event);
    let Some(topic) = facts.event_topic() else { return only(events()) };
    events().find(|route| route.address == topic).or_else(|| {
        only(events().filter(|route| route.topic.is_some_and(|pattern| matches(pattern, &topic))))
    })
}

/// A handler of everything: on the topic of the event, else the one without a topic.
fn whatever_arrives(routes: &'static [Route], topic: Option<impl AsRef<str>>) -> Option<&'static Route> {
    let any = || routes.iter().filter(|route| route.kind == MessageKind::Any);
    let on_topic = topic.and_then(|topic| {
        any().find(|route| route.topic.is_some_and(|pattern| matches(pattern, topic.as_ref())))
    });
    on_topic.or_else(|| any().find(|route| route.topic.is_none()))
}

fn only(mut routes: impl Iterator<Item = &'static Route>) -> Option<&'static Route> {
    routes.next().filter(|_| routes.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        envelope::{Envelope, Names, Properties, Received},
        headers::Headers,
        message::Contract,
    };

    const fn contract(name: &'static str, kind: MessageKind, address: &'static str) -> Contract {
        Contract { name, kind, address, reply: None, mandatory: true, owner: None, also: &[] }
    }

    const CHARGE: Route = Route::new("charge", contract("Charge", MessageKind::Command, "billing"));
    const PLACED: Route =
        Route::new("placed", contract("Placed", MessageKind::Event, "orders.placed")).topic("orders.*");
    const SHIPPED: Route =
        Route::new("shipped", contract("Shipped", MessageKind::Event, "orders.shipped")).topic("orders.#");
    const RENAMED: Route = Route::new(
        "renamed",
        Contract { also: &["Refund", "shop.Refund"], ..contract("PayBack", MessageKind::Command, "billing") },
    );
    const ANSWER: Route = Route::new("answer", contract("Answer", MessageKind::Reply, ""));
    const AUDIT: Route = Route::new("audit", contract("*", MessageKind::Any, "")).topic("audit.#");
    const REST: Route = Route::new("rest", contract("*", MessageKind::Any, ""));
    const UNTYPED: Route = CHARGE.untyped();

    const STRICT: &[Route] = &[CHARGE, PLACED, SHIPPED, ANSWER, AUDIT];
    const OPEN: &[Route] = &[UNTYPED, PLACED, REST, AUDIT];

    fn arrive(
        routes: &'static [Route],
        exchange: &str,
        key: &str,
        headers: &[(&str, &str)],
    ) -> Result<&'static str, Resolution> {
        let headers = headers.iter().map(|(name, value)| (format!("PikaBus.{name}"), *value));
        let envelope = Envelope::new(Properties::default(), Headers::from_iter(headers), "");
        let received = Received::new(envelope, exchange, key, "billing");
        match resolve(routes, received.facts(&Names::default())) {
            Resolution::Route(route) => Ok(route.handler),
            other => Err(other),
        }
    }

    #[test]
    fn typed_messages_go_by_their_name() {
        let typed = |name| {
            arrive(STRICT, "PikaBusDirect", "billing", &[("MessageType", name), ("Intent", "command")])
        };
        assert_eq!(typed("Charge"), Ok("charge"));
        assert_eq!(typed("Answer"), Ok("answer"));
        assert_eq!(typed("Refund"), Err(Resolution::Unknown));
        assert_eq!(typed("*"), Err(Resolution::Unknown));
        let reply = [("MessageType", "Receipt"), ("Intent", "command"), ("InReplyTo", "id")];
        assert_eq!(arrive(STRICT, "PikaBusDirect", "billing", &reply), Err(Resolution::UnhandledReply));
        assert_eq!(arrive(OPEN, "PikaBusDirect", "billing", &reply), Ok("rest"));
    }

    #[test]
    fn messages_that_were_renamed_go_by_each_of_their_names() {
        const ROUTES: &[Route] = &[CHARGE, RENAMED, REST];
        for name in ["PayBack", "Refund", "shop.Refund"] {
            assert_eq!(arrive(ROUTES, "PikaBusDirect", "billing", &[("MessageType", name)]), Ok("renamed"));
        }
        assert_eq!(arrive(ROUTES, "PikaBusDirect", "billing", &[("MessageType", "shop")]), Ok("rest"));
    }

    #[test]
    fn a_type_and_an_intent_that_contradict_each_other() {
        for (message, says) in [("Charge", "event"), ("Answer", "event"), ("Placed", "command")] {
            let headers = [("MessageType", message), ("Intent", says)];
            let Err(Resolution::WrongIntent(wrong)) = arrive(STRICT, "PikaBusDirect", "billing", &headers)
            else {
                panic!("{message}")
            };
            assert_eq!((wrong.message, wrong.says.as_str()), (message, says));
            assert!(wrong.to_string().contains(message), "{wrong}");
            assert!(arrive(STRICT, "PikaBusDirect", "billing", &headers[..1]).is_ok(), "{message}");
        }
    }

    #[test]
    fn untyped_events_go_by_their_topic() {
        let event = |routes, key, more: &[(&str, &str)]| {
            arrive(routes, "PikaBusTopic", key, &[&[("Intent", "event")], more].concat())
        };
        assert_eq!(event(STRICT, "orders.shipped", &[]), Ok("shipped"), "its own topic");
        assert_eq!(event(STRICT, "orders.late.returned", &[]), Ok("shipped"), "the only pattern");
        assert_eq!(
            event(STRICT, "orders.returned", &[]),
            Err(Resolution::UnmatchedEvent),
            "two patterns: no guessing"
        );
        assert_eq!(event(STRICT, "audit.login", &[]), Ok("audit"));
        assert_eq!(event(OPEN, "audit.login", &[]), Ok("audit"));
        assert_eq!(event(OPEN, "weather", &[]), Ok("rest"));
        assert_eq!(event(STRICT, "billing", &[("Topic", "orders.placed")]), Ok("placed"), "a copy of ours");
    }

    #[test]
    fn a_retry_copy_of_pikabus_has_lost_its_topic() {
        const ONE_EVENT: &[Route] = &[CHARGE, PLACED];
        let copy = |routes| arrive(routes, "PikaBusDirect", "billing", &[("Intent", "event")]);
        assert_eq!(copy(ONE_EVENT), Ok("placed"));
        assert_eq!(copy(STRICT), Err(Resolution::UnmatchedEvent));
        assert_eq!(copy(OPEN), Ok("placed"));
    }

    /// Its key was the way through the broker's delay, and is no topic.
    #[test]
    fn what_has_waited_goes_where_it_went_before() {
        const ONE_EVENT: &[Route] = &[UNTYPED, PLACED];
        let late = |routes, headers: &[(&str, &str)]| {
            let key = format!("{}billing", "0.".repeat(31));
            arrive(routes, "leveret.delay.v1.16.delivery", &key, headers)
        };
        assert_eq!(late(OPEN, &[]), Ok("charge"), "says nothing at all");
        assert_eq!(late(ONE_EVENT, &[("Intent", "event")]), Ok("placed"), "a retry copy of PikaBus");
        assert_eq!(
            late(STRICT, &[("Intent", "event"), ("Topic", "orders.placed")]),
            Ok("placed"),
            "one of ours"
        );
    }

    #[test]
    fn untyped_commands_need_a_handler_that_says_so() {
        assert_eq!(
            arrive(STRICT, "PikaBusDirect", "billing", &[("Intent", "command")]),
            Err(Resolution::Unknown)
        );
        assert_eq!(arrive(OPEN, "PikaBusDirect", "billing", &[("Intent", "command")]), Ok("charge"));
        assert_eq!(arrive(OPEN, "", "billing", &[]), Ok("charge"), "says nothing at all");
    }
}
