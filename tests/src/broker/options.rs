/// What a test wants of its broker beyond the defaults.
#[must_use]
#[derive(Debug, Clone, Default)]
pub struct BrokerOptions {
    pub(super) config: Vec<String>,
    pub(super) advanced: Option<String>,
    pub(super) plugins: Vec<String>,
    pub(super) tls: Option<Tls>,
}

/// The certificates of a TLS listener, each as PEM text.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The authority by which the broker checks its clients' certificates.
    pub authority: String,
    /// The broker's certificate, for `localhost`.
    pub certificate: String,
    /// The key of the broker's certificate.
    pub key: String,
    /// Whether a client must show a certificate of the authority.
    pub client_certificate: bool,
}

impl BrokerOptions {
    /// A broker with RabbitMQ's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a line to `rabbitmq.conf`, such as `consumer_timeout = 5000`.
    pub fn config_line(mut self, line: impl Into<String>) -> Self {
        self.config.push(line.into());
        self
    }

    /// The whole text of `advanced.config`, such as `[{rabbit,[{channel_tick_interval,1000}]}].`
    pub fn advanced_config(mut self, text: impl Into<String>) -> Self {
        self.advanced = Some(text.into());
        self
    }

    /// Enables a plugin, such as `rabbitmq_management`; its listeners need config lines with a port of their own
    /// ([`free_port`](super::free_port)).
    pub fn plugin(mut self, name: impl Into<String>) -> Self {
        self.plugins.push(name.into());
        self
    }

    /// Adds a listener for TLS, on a port of its own.
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }
}
