use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::{Bus, BusError, BusErrorKind, handle::broker};
use crate::{
    error::Error,
    handler::Route,
    headers::Value,
    lazy::Lazy,
    message::{Message, MessageKind},
    topology::{Binding, check_name, matches},
};

impl Bus {
    pub(super) fn pattern_of<M: Message>(&self) -> Wanted {
        let routes = self.core.endpoint.as_ref().map_or(&[][..], |endpoint| endpoint.routes);
        let route = routes.iter().find(|route| route.kind == MessageKind::Event && route.reads(M::NAME));
        let pattern = route.and_then(|route| route.topic).unwrap_or(M::ADDRESS);
        Wanted { event: Some((M::NAME, M::ADDRESS)), pattern: pattern.to_owned() }
    }

    async fn change_subscription(&self, draft: Draft) -> Result<(), BusError> {
        let Draft { change, wanted, arguments } = draft;
        check_name("topic pattern", &wanted.pattern)
            .map_err(|error| Error::new(BusErrorKind::InvalidName(error)))?;
        let endpoint = self.endpoint(change.verb())?;
        let topic_exchange = &*self.settings().exchanges.topic;
        let mut binding = Binding::new(topic_exchange, &endpoint.queue, &wanted.pattern);
        for (name, value) in arguments {
            binding.arguments.insert(name, value);
        }
        let transport = &self.core.transport;
        match change {
            Change::Bind if !wanted.has_handler(endpoint.routes) => {
                Err(BusErrorKind::NoHandler { subscription: wanted.describe() }.into())
            }
            Change::Bind => transport.bind(&binding).await.map_err(broker),
            Change::Unbind if wanted.is_shared(endpoint.routes) => Ok(()),
            Change::Unbind => transport.unbind(&binding).await.map_err(broker),
        }
    }
}

/// A subscription about to be changed: a future that resolves once the broker has done it.
#[must_use = "nothing changes until this is awaited: `bus.subscribe::<Event>().await?`"]
#[derive(Debug)]
pub struct Subscription<'a> {
    bus: &'a Bus,
    draft: Lazy<'a, Draft, Result<(), BusError>>,
}

#[derive(Debug)]
struct Draft {
    change: Change,
    wanted: Wanted,
    arguments: Vec<(String, Value)>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Change {
    Bind,
    Unbind,
}

impl Change {
    fn verb(self) -> &'static str {
        match self {
            Self::Bind => "subscribe",
            Self::Unbind => "unsubscribe",
        }
    }
}

/// What is subscribed to: an event by its contract (name and topic), or whatever matches a pattern.
#[derive(Debug)]
pub(super) struct Wanted {
    event: Option<(&'static str, &'static str)>,
    pattern: String,
}

impl Wanted {
    pub(super) fn pattern(pattern: &str) -> Self {
        Self { event: None, pattern: pattern.to_owned() }
    }

    /// Whether a handler can take what comes.
    fn has_handler(&self, routes: &[Route]) -> bool {
        routes.iter().any(|route| match (route.kind, self.event) {
            (MessageKind::Any, Some((_, topic))) => route.topic.is_none_or(|pattern| matches(pattern, topic)),
            (MessageKind::Any, None) => true,
            (MessageKind::Event, Some((name, _))) => route.reads(name),
            (MessageKind::Event, None) => matches(&self.pattern, route.address),
            _ => false,
        })
    }

    /// Whether another handler subscribes by the same pattern.
    fn is_shared(&self, routes: &[Route]) -> bool {
        let Some((name, _)) = self.event else { return false };
        routes.iter().any(|route| !route.reads(name) && route.topic == Some(self.pattern.as_str()))
    }

    fn describe(&self) -> String {
        match self.event {
            Some((name, _)) => format!("`{name}`"),
            None => format!("the pattern `{}`", self.pattern),
        }
    }
}

impl<'a> Subscription<'a> {
    pub(super) fn new(bus: &'a Bus, change: Change, wanted: Wanted) -> Self {
        Self { bus, draft: Lazy::Draft(Draft { change, wanted, arguments: Vec::new() }) }
    }

    /// Adds an argument of the binding, for exchanges that read them.
    pub fn argument(mut self, name: &str, value: impl Into<Value>) -> Self {
        let argument = (name.to_owned(), value.into());
        self.draft.edit(|draft| draft.arguments.push(argument));
        self
    }
}

impl Future for Subscription<'_> {
    type Output = Result<(), BusError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let bus = self.bus;
        self.draft.poll(cx, |draft| Box::pin(bus.change_subscription(draft)))
    }
}
