use std::time::Duration;

use tokio::time::Instant;

use super::{Inherited, Prepared, SendError, SendErrorKind, Settings};
use crate::{
    deadline,
    envelope::{BROKER_HEADERS, Envelope, Intent, Stamp, from_now},
    headers::{Headers, Text, Value},
    id,
    message::{Message, MessageKind, kind::Kind},
    topology::check_name,
    transport::{Outgoing, PublishErrorKind},
};

/// A message being written: its body, and what its sender chose.
#[derive(Debug)]
pub(crate) struct Draft {
    body: Result<Vec<u8>, SendError>,
    message_type: Option<Text>,
    /// The event and its owner, if it has one.
    owned: Option<(&'static str, &'static str)>,
    intent: Intent,
    /// A queue for a command or a reply, a topic for an event.
    address: Text,
    pub(super) exchange: Option<Text>,
    headers: Headers,
    pub(super) delay: Option<Duration>,
    pub(super) expires_in: Option<Duration>,
    /// The broker itself may drop the message when it expires: not so for an endpoint's queue, which dead-letters it.
    broker_expires: bool,
    pub(super) priority: Option<u8>,
    pub(super) mandatory: bool,
    pub(super) correlation_id: Option<Text>,
    pub(super) timeout: Option<Duration>,
    in_reply_to: Option<Text>,
    reply_to: Option<Text>,
    is_request: bool,
}

impl Draft {
    pub(crate) fn of<M: Message>(message: &M, settings: &Settings) -> Self {
        let contract = M::CONTRACT;
        let intent = match contract.kind {
            MessageKind::Event => Intent::Event,
            _ => Intent::Command,
        };
        let body = <M::Kind as Kind<M>>::encode(message, &*settings.codec).map_err(SendError::from);
        let (address, name) = (Text::literal(contract.address), Text::literal(contract.name));
        let mut draft = Self::raw(intent, address, name, body);
        draft.mandatory = contract.mandatory;
        draft.owned = contract.owner.filter(|_| intent == Intent::Event).map(|owner| (contract.name, owner));
        draft
    }

    /// A message whose body is there already. An empty `message_type` is none.
    pub(crate) fn raw(
        intent: Intent,
        address: impl Into<Text>,
        message_type: impl Into<Text>,
        body: Result<Vec<u8>, SendError>,
    ) -> Self {
        Self {
            body,
            message_type: Some(message_type.into()).filter(|name| !name.is_empty()),
            owned: None,
            intent,
            address: address.into(),
            exchange: None,
            headers: Headers::new(),
            delay: None,
            expires_in: None,
            broker_expires: false,
            priority: None,
            mandatory: true,
            correlation_id: None,
            timeout: None,
            in_reply_to: None,
            reply_to: None,
            is_request: false,
        }
    }

    /// An answer to `command`, for whoever waits at `address`.
    pub(crate) fn reply_to(mut self, address: Option<&str>, command: Option<Text>) -> Self {
        match address {
            Some(address) => self.address = address.into(),
            None => self.body = Err(SendErrorKind::NoReplyAddress.into()),
        }
        self.in_reply_to = command;
        self
    }

    /// A request, whose answer is awaited at `queue`.
    pub(crate) fn request(mut self, queue: Text) -> Self {
        self.reply_to = Some(queue);
        self.is_request = true;
        self
    }

    pub(crate) fn delayed(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Encode is done; stamp and route.
    pub(crate) fn finish(
        mut self,
        settings: &Settings,
        inherited: Option<&Inherited>,
    ) -> Result<Prepared, SendError> {
        let body = self.check(settings)?;
        let message_id = id::fresh();
        let (correlation_id, conversation_id) = self.correlation(&message_id, inherited);
        let reply_to = self.reply_to.or_else(|| settings.endpoint.clone());
        let delay = self.delay.filter(|delay| !delay.is_zero());
        let (mut properties, mut headers) = Stamp {
            names: &settings.names,
            time_format: settings.time_format,
            message_id: message_id.clone(),
            correlation_id,
            conversation_id,
            in_reply_to: self.in_reply_to,
            reply_to,
            originating_address: settings.endpoint.clone(),
            content_type: settings.content_type.clone(),
            content_encoding: settings.content_encoding.clone(),
            message_type: self.message_type.clone(),
            intent: self.intent,
            deferred_time: delay.map(from_now),
            expires_at: self.expires_in.map(from_now),
        }
        .apply();
        properties.priority = self.priority;
        if self.broker_expires && delay.is_none() {
            // RabbitMQ reads it as 32 bits. What lives longer is still checked before it is handled.
            let millis = self.expires_in.and_then(|life| u32::try_from(life.as_millis()).ok());
            properties.expiration = millis.map(|millis| millis.to_string().into());
        }
        for (name, value) in inherited.iter().flat_map(|inherited| &inherited.trace) {
            headers.insert(*name, value.clone());
        }
        for (name, value) in self.headers.iter().filter(|(name, _)| !BROKER_HEADERS.contains(name)) {
            headers.insert(name, value.clone());
        }
        let exchange = self.exchange.unwrap_or_else(|| match self.intent {
            Intent::Command => settings.exchanges.direct.clone(),
            Intent::Event => settings.exchanges.topic.clone(),
        });
        let envelope = Envelope::new(properties, headers, body);
        let timeout = self.timeout.unwrap_or(settings.publish_timeout);
        let made = Instant::now();
        let mut outgoing = Outgoing::new(exchange, self.address, envelope, deadline::after(made, timeout));
        outgoing.mandatory = self.mandatory;
        outgoing.delay = delay;
        Ok(Prepared { outgoing, timeout, made, message_id, message_type: self.message_type })
    }

    /// A request is correlated by its own id, since a PikaBus reply carries nothing else back; what the correlation id
    /// was travels on as ConversationId (design §2).
    fn correlation(&self, message_id: &Text, inherited: Option<&Inherited>) -> (Text, Option<Text>) {
        let inherited_id = inherited.and_then(|inherited| inherited.correlation_id.clone());
        let conversation = inherited.and_then(|inherited| inherited.conversation_id.clone());
        let chosen = self.correlation_id.clone().or(inherited_id);
        if self.is_request {
            (message_id.clone(), conversation.or(chosen))
        } else {
            (chosen.unwrap_or_else(|| message_id.clone()), conversation)
        }
    }

    fn check(&mut self, settings: &Settings) -> Result<Vec<u8>, SendError> {
        self.check_owner(settings)?;
        let body = std::mem::replace(&mut self.body, Ok(Vec::new()))?;
        if body.len() > settings.max_body {
            let kind =
                PublishErrorKind::TooLarge { what: "body", bytes: body.len(), limit: settings.max_body };
            return Err(SendErrorKind::Broker(kind).into());
        }
        let what = match self.intent {
            Intent::Command => "queue name",
            Intent::Event => "topic",
        };
        check_name(what, &self.address)?;
        if let Some(exchange) = self.exchange.as_deref().filter(|exchange| !exchange.is_empty()) {
            check_name("exchange name", exchange)?;
        }
        if let Some(id) = &self.correlation_id {
            check_name("correlation id", id)?;
        }
        if let Some(name) = &self.message_type {
            check_name("message type", name)?;
        }
        for (name, _) in self.headers.iter() {
            check_name("header name", name)?;
        }
        Ok(body)
    }

    /// The compiler checks handlers; here are all who publish otherwise.
    fn check_owner(&self, settings: &Settings) -> Result<(), SendError> {
        let publisher = settings.publisher.as_deref();
        match self.owned {
            Some((event, owner)) if publisher != Some(owner) => {
                let publisher = publisher.map(str::to_owned);
                Err(SendErrorKind::NotOwner { event, owner, publisher }.into())
            }
            _ => Ok(()),
        }
    }

    /// A queue that the sender chose: its owner may not be one of ours, so the broker itself may drop what expires.
    pub(crate) fn set_address(&mut self, queue: &str) {
        self.broker_expires |= self.address != *queue;
        self.address = queue.into();
    }

    pub(crate) fn header(&mut self, name: &str, value: Value) {
        self.headers.insert(name, value);
    }
}
