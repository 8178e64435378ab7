use std::{sync::Arc, time::Duration};

use crate::{
    codec::Codec,
    envelope::{Names, TimeFormat},
    headers::Text,
    topology::ExchangeNames,
};

/// How one bus writes its messages.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) names: Arc<Names>,
    pub(crate) time_format: TimeFormat,
    pub(crate) codec: Arc<dyn Codec>,
    /// What the codec says of itself.
    pub(crate) content_type: Text,
    pub(crate) content_encoding: Text,
    pub(crate) exchanges: ExchangeNames,
    /// The endpoint's queue, where replies come back to; `None` on a bus that only sends.
    pub(crate) endpoint: Option<Text>,
    /// Whose events it may publish: those of its endpoint, or of the one that a bus without any claims.
    pub(crate) publisher: Option<Text>,
    /// How long a message may take to be confirmed.
    pub(crate) publish_timeout: Duration,
    /// The longest body, in bytes.
    pub(crate) max_body: usize,
}
