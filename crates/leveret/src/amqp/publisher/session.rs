use std::{fmt, sync::Arc};

use amqprs::channel::{BasicPublishArguments, ConfirmSelectArguments};
use futures_util::FutureExt;
use tokio::{sync::mpsc, task::unconstrained, time::Instant};

use super::{
    desk::Desk,
    entry::Entry,
    ledger::{Confirm, Ledger, Outcome},
};
use crate::{
    amqp::{
        callbacks::{Cancelled, Confirms, Ears},
        channel::Channel,
        connection::Link,
        convert::to_properties,
        template::Template,
        trouble::Trouble,
    },
    transport::Outgoing,
};

/// One publishing channel in confirm mode, and what is unconfirmed on it.
pub(super) struct Session {
    /// Differs from that of each other channel.
    pub(super) number: u64,
    channel: Channel,
    pub(super) ledger: Ledger<Entry>,
    template: Template,
    /// When the broker last confirmed something, or last had nothing to confirm.
    pub(super) progress_at: Instant,
}

impl Session {
    /// Opens a channel whose confirms go to the desk. The stream ends with the channel.
    pub(super) async fn open(
        link: &Arc<Link>,
        number: u64,
        desk: &Arc<Desk>,
    ) -> Result<(Self, mpsc::Receiver<Cancelled>), Trouble> {
        let (cancels, ended) = mpsc::channel(1);
        let confirms = Hearer { session: number, desk: desk.clone(), decided: Vec::new() };
        let ears = Ears { cancels: Some(cancels), confirms: Some(Box::new(confirms)) };
        let channel = Channel::listening(link, ears).await?;
        channel
            .call(|raw| async move { raw.confirm_select(ConfirmSelectArguments::default()).await })
            .await?;
        let session = Self {
            number,
            channel,
            ledger: Ledger::new(),
            template: Template::default(),
            progress_at: Instant::now(),
        };
        Ok((session, ended))
    }

    /// Writes one message, and notes it in the ledger. Gives it back when it cannot be written: the channel is of no use any
    /// more, or the way to the socket is full.
    #[must_use]
    pub(super) fn write(&mut self, mut entry: Entry) -> Option<Entry> {
        let Ok(raw) = self.channel.raw() else { return Some(entry) };
        let Outgoing { exchange, routing_key, mandatory, envelope, .. } = &entry.outgoing;
        let arguments = BasicPublishArguments {
            exchange: exchange.as_str().to_owned(),
            routing_key: routing_key.as_str().to_owned(),
            mandatory: *mandatory,
            immediate: false,
        };
        let headers = self.template.fill(&envelope.headers);
        let (properties, body) = (to_properties(&envelope.properties, headers), envelope.body.to_vec());
        // Does not wait: amqprs queues 8192 frames, which is more than any window. So it is done in one step, and no
        // confirm finds its way here before the ledger knows what for.
        let publish = unconstrained(raw.basic_publish(properties, body, arguments));
        let Some(Ok(())) = publish.now_or_never() else { return Some(entry) };
        let now = Instant::now();
        if self.ledger.is_empty() {
            self.progress_at = now;
        }
        entry.written_at = Some(now);
        self.ledger.begin(entry);
        None
    }

    /// Takes in a confirm, and tells what it decides.
    pub(super) fn confirmed(&mut self, confirm: Confirm, decided: impl FnMut(Entry, Outcome)) {
        self.progress_at = Instant::now();
        self.ledger.confirm(confirm, decided);
    }

    /// Takes in a return.
    pub(super) fn returned(&mut self, exchange: &str, routing_key: &str, message_id: Option<&str>) {
        self.ledger.returned(|Entry { outgoing, .. }| {
            outgoing.mandatory
                && outgoing.exchange == *exchange
                && outgoing.routing_key == *routing_key
                && outgoing.envelope.properties.message_id.as_deref() == message_id
        });
    }

    /// Whether messages can be written, or could be if there were room.
    pub(super) fn is_usable(&self) -> bool {
        self.channel.raw().is_ok()
    }

    pub(super) fn trouble(&self) -> Trouble {
        self.channel.trouble()
    }

    pub(super) async fn close(self) {
        self.channel.close().await;
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("number", &self.number).finish_non_exhaustive()
    }
}

/// Brings what the broker says on a channel to the desk.
struct Hearer {
    session: u64,
    desk: Arc<Desk>,
    /// What a confirm decides about; empty in between.
    decided: Vec<(Entry, Outcome)>,
}

impl Confirms for Hearer {
    fn confirmed(&mut self, tag: u64, multiple: bool, ack: bool) {
        let confirm = Confirm { tag, multiple, ack };
        self.desk.confirmed(self.session, confirm, &mut self.decided);
        for (entry, outcome) in self.decided.drain(..) {
            entry.decided(outcome);
        }
    }

    fn returned(&mut self, exchange: &str, routing_key: &str, message_id: Option<&str>) {
        self.desk.returned(self.session, exchange, routing_key, message_id);
    }
}
