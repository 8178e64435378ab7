//! The pieces on the way of a message, each behind a closure, for the benchmarks in `benches/`: they are no part of the
//! API, and change without notice.

use std::{sync::Arc, time::Duration};

pub use crate::amqp::bench::{acks, confirms, from_client, to_client};
use crate::{
    codec::{Codec, Json},
    envelope::{Envelope, Names, Received, TimeFormat},
    handler::{Resolution, Route, resolve},
    headers::Text,
    message::{Message, Raw},
    publish::{Draft, Prepared, Settings},
    topology::Layout,
    transport::Outgoing,
};

/// Encodes a message, stamps it as an endpoint does, and routes it.
pub fn encode<M: Message>(message: M) -> impl FnMut() -> Option<Outgoing> {
    let settings = Settings {
        names: Arc::new(Names::default()),
        time_format: TimeFormat::default(),
        codec: Arc::new(Json),
        content_type: Json.content_type().into(),
        content_encoding: Json.content_encoding().into(),
        exchanges: Layout::default().exchanges,
        endpoint: Some(Text::literal("shop")),
        publisher: Some(Text::literal("shop")),
        publish_timeout: Duration::from_secs(30),
        max_body: 1024 * 1024,
    };
    move || Draft::of(&message, &settings).finish(&settings, None).ok().map(Prepared::depart)
}

/// Finds the handler of a message that [`encode`] has made, and decodes it for it.
pub fn decode<M: Message>(outgoing: Outgoing, routes: &'static [Route]) -> impl FnMut() -> Option<M> {
    let Outgoing { exchange, routing_key, envelope, .. } = outgoing;
    let received = Arc::new(Received::new(Envelope::clone(&envelope), exchange, routing_key, M::ADDRESS));
    let names = Arc::new(Names::default());
    move || match resolve(routes, received.facts(&names)) {
        Resolution::Route(_) => {
            let raw = Raw { received: &received, names: &names, codec: &Json };
            M::open(raw).ok().map(|opened| opened.message)
        }
        _ => None,
    }
}
