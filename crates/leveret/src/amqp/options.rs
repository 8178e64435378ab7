use std::{fmt, sync::Arc, time::Duration};

use super::{
    settings::{Settings, TlsSettings, Window},
    tls::{TlsOptions, connector},
    transport::AmqpTransport,
    url::{BrokerUrl, invalid},
};
use crate::transport::{MAX_BODY, Transport, TransportError};

/// RabbitMQ advises no less: a shorter one takes a slow network for a dead one. amqprs floods the broker below 2 s
/// and disconnects at once at 0 (hazard H11).
const LEAST_HEARTBEAT: Duration = Duration::from_secs(5);

/// How to connect to RabbitMQ.
///
/// ```no_run
/// # async fn run() -> Result<(), leveret::transport::TransportError> {
/// use std::time::Duration;
/// use leveret::amqp::AmqpOptions;
///
/// let transport = AmqpOptions::from_url("amqp://shop:secret@host1,host2/production")?
///     .connection_name("shop")
///     .heartbeat(Duration::from_secs(20))
///     .connect()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use]
pub struct AmqpOptions {
    url: BrokerUrl,
    tls: Option<TlsOptions>,
    connection_name: String,
    connection_timeout: Duration,
    start_timeout: Duration,
    heartbeat: Duration,
    max_body: usize,
    window: Window,
}

impl AmqpOptions {
    /// Reads a URL such as `amqp://user:password@host1:5672,host2/vhost?heartbeat=10`.
    ///
    /// User, password and virtual host are percent-encoded; no path means the virtual host `/`. Several hosts are
    /// tried in turn. The query takes `heartbeat` (seconds) and `connection_timeout` (milliseconds); for `amqps://`
    /// also `cacertfile`, `certfile`, `keyfile` (paths of PEM files) and `server_name_indication`.
    ///
    /// # Errors
    /// [`InvalidUrl`](crate::transport::TransportErrorKind::InvalidUrl), naming what is wrong and what to write,
    /// and never the password.
    pub fn from_url(url: &str) -> Result<Self, TransportError> {
        let url = BrokerUrl::parse(url)?;
        Ok(Self {
            connection_name: "leveret".to_owned(),
            connection_timeout: url.connection_timeout.unwrap_or(Duration::from_secs(10)),
            start_timeout: Duration::from_secs(30),
            heartbeat: url.heartbeat.unwrap_or(Duration::from_secs(10)),
            max_body: MAX_BODY,
            window: Window { messages: 1000, bytes: 16 << 20 },
            tls: None,
            url,
        })
    }

    /// What the broker's operators see of the connections, followed by what each is for. Default: `leveret`.
    pub fn connection_name(mut self, name: impl Into<String>) -> Self {
        self.connection_name = name.into();
        self
    }

    /// How long one attempt to connect may take. Default: 10 s, or what the URL says.
    pub fn connection_timeout(mut self, timeout: Duration) -> Self {
        self.connection_timeout = timeout;
        self
    }

    /// How long [`connect`](Self::connect) tries again while no broker can be reached. Default: 30 s.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.start_timeout = timeout;
        self
    }

    /// How often the connection shows that it lives; a peer that is silent for twice as long counts as lost.
    /// Whole seconds, 5 to 65,535. Default: 10 s, or what the URL says.
    pub fn heartbeat(mut self, interval: Duration) -> Self {
        self.heartbeat = interval;
        self
    }

    /// What to trust and what to show on `amqps://`, in place of what the URL says. With `amqp://`, connecting is an
    /// error: nobody who gives certificates means to go without.
    pub fn tls(mut self, options: TlsOptions) -> Self {
        self.tls = Some(options);
        self
    }

    /// The largest body that is sent, in bytes. Default: 16 MiB, the default limit of RabbitMQ 4: a larger body
    /// would cost the whole channel (hazard H21).
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// How many messages, and how many bytes of them, may be sent and not yet confirmed. Default: 1,000 and 16 MiB.
    /// Further sends wait.
    pub fn window(mut self, messages: usize, bytes: usize) -> Self {
        self.window = Window { messages, bytes };
        self
    }

    /// Connects, and stays connected until the transport is closed.
    ///
    /// # Errors
    /// At once when the broker refuses the user, the virtual host or TLS; [`Unreachable`] when no host has accepted
    /// before the start timeout.
    ///
    /// [`Unreachable`]: crate::transport::TransportErrorKind::Unreachable
    pub async fn connect(self) -> Result<Arc<dyn Transport>, TransportError> {
        let start_timeout = self.start_timeout;
        let transport = AmqpTransport::start(self.settings()?);
        transport.connected(start_timeout).await?;
        Ok(Arc::new(transport))
    }

    fn settings(self) -> Result<Settings, TransportError> {
        let heartbeat = u16::try_from(self.heartbeat.as_secs()).unwrap_or(u16::MAX);
        if self.heartbeat < LEAST_HEARTBEAT {
            return Err(invalid(
                "a heartbeat under 5 seconds mistakes a slow network for a dead one: give at least 5",
            ));
        }
        // AMQP's window cannot be wider than a semaphore, nor narrower than one message.
        let window = Window {
            messages: self.window.messages.clamp(1, 4096),
            bytes: self.window.bytes.clamp(1, 1 << 30),
        };
        let tls = match (&self.url.tls, &self.tls) {
            (None, None) => None,
            (None, Some(_)) => return Err(invalid("TLS options need amqps:// instead of amqp://")),
            (Some(_), Some(tls)) | (Some(tls), None) => {
                Some(TlsSettings { connector: connector(tls)?, server_name: tls.server_name.clone() })
            }
        };
        Ok(Settings {
            hosts: self.url.hosts,
            user: self.url.user,
            password: self.url.password,
            virtual_host: self.url.virtual_host,
            connection_name: self.connection_name,
            heartbeat_seconds: heartbeat,
            connection_timeout: self.connection_timeout,
            tls,
            max_body: self.max_body,
            window,
        })
    }
}

impl fmt::Debug for AmqpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AmqpOptions")
            .field("hosts", &self.url.hosts)
            .field("user", &self.url.user)
            .field("virtual_host", &self.url.virtual_host)
            .field("tls", &self.tls.as_ref().or(self.url.tls.as_ref()))
            .field("connection_name", &self.connection_name)
            .field("connection_timeout", &self.connection_timeout)
            .field("start_timeout", &self.start_timeout)
            .field("heartbeat", &self.heartbeat)
            .field("max_body", &self.max_body)
            .field("window", &self.window)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_never_shows_the_password() {
        let options = AmqpOptions::from_url("amqp://me:secret@h").unwrap();
        let debug = format!("{options:?}");
        assert!(debug.contains("me") && !debug.contains("secret"), "{debug}");
    }

    #[test]
    fn tls_options_without_tls_are_refused() {
        let plain = AmqpOptions::from_url("amqp://h").unwrap().tls(TlsOptions::new());
        assert!(plain.settings().err().unwrap().to_string().contains("amqps://"));
    }

    #[test]
    fn a_heartbeat_under_five_seconds_is_refused() {
        for url in ["amqp://h?heartbeat=0", "amqp://h?heartbeat=4"] {
            let error = AmqpOptions::from_url(url).unwrap().settings().err().unwrap();
            assert!(error.to_string().contains("at least 5"), "{error}");
        }
        assert!(AmqpOptions::from_url("amqp://h?heartbeat=5").unwrap().settings().is_ok());
    }
}
