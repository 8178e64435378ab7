use std::{sync::Arc, time::Duration};

use tokio::time::Instant;

use super::{
    consumer::AckLedger,
    convert::{from_wire, to_properties},
    fields::to_table,
    publisher::{Confirm, Ledger},
    repeated::Repeated,
    template::Template,
};
use crate::{envelope::Envelope, transport::Settlement};

/// So many messages go through a ledger of confirms, and the broker confirms every 8th with all before it.
pub fn confirms(messages: u64) -> impl FnMut() -> usize {
    let mut ledger = Ledger::new();
    let mut tag = 0;
    move || {
        let mut confirmed = 0;
        for message in 1..=messages {
            ledger.begin(Arc::new(message));
            tag += 1;
            if message % 8 == 0 {
                ledger.confirm(Confirm { tag, multiple: true, ack: true }, |_, _| confirmed += 1);
            }
        }
        confirmed
    }
}

/// So many deliveries go through a ledger of acks, settled in pairs of which the later comes first.
pub fn acks(deliveries: u64) -> impl FnMut() -> usize {
    let mut ledger = AckLedger::default();
    let mut tag = 0;
    move || {
        let (mut notices, now) = (0, Instant::now());
        for delivery in 1..=deliveries {
            tag += 1;
            ledger.delivered(tag);
            if delivery % 2 == 0 {
                ledger.settle(tag, Settlement::Done, now);
                ledger.settle(tag - 1, Settlement::Done, now);
            }
            if delivery % 8 == 0 {
                notices += std::iter::from_fn(|| ledger.flush(now, Duration::ZERO)).count();
            }
        }
        notices
    }
}

/// The properties and headers of a message, made into the client's as a sender does it that sends these two by turns:
/// what they have in common is in its template.
pub fn to_client([one, other]: [Envelope; 2]) -> impl FnMut() -> bool {
    let (mut template, mut is_other) = (Template::default(), false);
    move || {
        is_other = !is_other;
        let Envelope { properties, headers, .. } = if is_other { &other } else { &one };
        to_properties(properties, template.fill(headers)).headers().is_some()
    }
}

/// The client's properties and headers, made into ours.
pub fn from_client(envelope: Envelope) -> impl FnMut() -> Envelope {
    let wire = to_properties(&envelope.properties, to_table(&envelope.headers));
    let mut repeated = Repeated::default();
    move || from_wire(&wire, Vec::new(), &mut repeated)
}
