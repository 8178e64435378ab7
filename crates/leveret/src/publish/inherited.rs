use crate::{
    envelope::{Facts, Received},
    headers::{Text, Value},
};

/// W3C trace context, passed on as it is.
const TRACE_HEADERS: [&str; 2] = ["traceparent", "tracestate"];

/// What messages sent by a handler take over from the message that it handles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inherited {
    pub(crate) correlation_id: Option<Text>,
    pub(crate) conversation_id: Option<Text>,
    pub(crate) trace: Vec<(&'static str, Text)>,
}

impl Inherited {
    pub(crate) fn from_message(received: &Received, facts: Facts<'_>) -> Self {
        let trace = TRACE_HEADERS
            .into_iter()
            .filter_map(|name| match received.envelope.headers.get(name)? {
                Value::Text(text) => Some((name, text.clone())),
                _ => None,
            })
            .collect();
        Self {
            correlation_id: facts.correlation_id().map(Into::into),
            conversation_id: facts.conversation_id().map(Into::into),
            trace,
        }
    }
}
