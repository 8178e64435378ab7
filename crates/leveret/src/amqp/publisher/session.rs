use std::sync::Arc;

use amqprs::channel::{BasicPublishArguments, ConfirmSelectArguments};
use tokio::{sync::mpsc, time::Instant};

use super::{
    entry::Entry,
    ledger::{Ledger, Outcome},
};
use crate::{
    amqp::{
        callbacks::Event, channel::Channel, connection::Link, convert::to_properties, template::Template,
        trouble::Trouble,
    },
    transport::Outgoing,
};

/// One publishing channel in confirm mode, and what is unconfirmed on it.
pub(super) struct Session {
    channel: Channel,
    pub(super) events: mpsc::Receiver<Event>,
    pub(super) ledger: Ledger<Entry>,
    template: Template,
    /// When the broker last confirmed something, or last had nothing to confirm.
    pub(super) progress_at: Instant,
}

impl Session {
    /// `window`: how many messages may be unconfirmed.
    pub(super) async fn open(link: &Arc<Link>, window: usize) -> Result<Self, Trouble> {
        // Each message can be returned once and confirmed once.
        let (sender, events) = mpsc::channel(2 * window + 1);
        let channel = Channel::open(link, Some(sender)).await?;
        channel
            .call(|raw| async move { raw.confirm_select(ConfirmSelectArguments::default()).await })
            .await?;
        Ok(Self {
            channel,
            events,
            ledger: Ledger::new(),
            template: Template::default(),
            progress_at: Instant::now(),
        })
    }

    /// Writes one message. It is in the ledger before: whatever happens, it is accounted for.
    ///
    /// # Errors
    /// When the channel is of no use any more; then the entry is in the ledger with the others.
    pub(super) async fn write(&mut self, mut entry: Entry) -> Result<(), Trouble> {
        let now = Instant::now();
        if self.ledger.is_empty() {
            self.progress_at = now;
        }
        entry.written_at = Some(now);
        let Outgoing { exchange, routing_key, mandatory, envelope, .. } = &entry.outgoing;
        let arguments = BasicPublishArguments {
            exchange: exchange.as_str().to_owned(),
            routing_key: routing_key.as_str().to_owned(),
            mandatory: *mandatory,
            immediate: false,
        };
        let headers = self.template.fill(&envelope.headers);
        let (properties, body) = (to_properties(&envelope.properties, headers), envelope.body.to_vec());
        self.ledger.begin(entry);
        // Does not wait: amqprs queues 8192 frames, which is more than any window.
        let written = self.channel.raw()?.basic_publish(properties, body, arguments).await;
        written.map_err(|_| self.channel.trouble())
    }

    /// Takes in what the broker says, and tells what it has decided.
    pub(super) fn heard(&mut self, event: Event, decided: impl FnMut(Entry, Outcome)) {
        match event {
            Event::Confirm { tag, multiple, ack } => {
                self.progress_at = Instant::now();
                self.ledger.confirm(tag, multiple, ack, decided);
            }
            Event::Returned { exchange, routing_key, message_id } => {
                self.ledger.returned(|entry| {
                    entry.outgoing.mandatory
                        && entry.outgoing.exchange == exchange
                        && entry.outgoing.routing_key == routing_key
                        && entry.outgoing.envelope.properties.message_id.as_deref() == message_id.as_deref()
                });
            }
            Event::Cancelled { .. } => {}
        }
    }

    pub(super) fn link(&self) -> &Arc<Link> {
        self.channel.link()
    }

    pub(super) fn trouble(&self) -> Trouble {
        self.channel.trouble()
    }

    pub(super) async fn close(self) {
        self.channel.close().await;
    }
}
