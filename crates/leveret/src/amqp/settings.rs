use std::time::Duration;

use super::{tls::Connector, url::Host};

/// What every connection of one transport needs to know.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) hosts: Vec<Host>,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) virtual_host: String,
    pub(super) connection_name: String,
    pub(super) heartbeat_seconds: u16,
    /// Bounds one attempt.
    pub(super) connection_timeout: Duration,
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "it is always nothing"))]
    pub(super) tls: Option<TlsSettings>,
    pub(super) max_body: usize,
    pub(super) window: Window,
}

/// How much may be sent and not yet confirmed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) messages: usize,
    pub(super) bytes: usize,
}

#[derive(Clone)]
#[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "there is none"))]
pub(super) struct TlsSettings {
    pub(super) connector: Connector,
    /// `None`: the host itself.
    pub(super) server_name: Option<String>,
}

#[cfg(feature = "tls")]
impl TlsSettings {
    /// The name that the certificate of `host` must carry.
    pub(super) fn name_of(&self, host: &Host) -> String {
        self.server_name.clone().unwrap_or_else(|| host.name.trim_matches(['[', ']']).to_owned())
    }
}
