use std::{sync::Arc, time::Duration};

use amqprs::{
    connection::{Connection, OpenConnectionArguments},
    security::SecurityCredentials,
};
use tokio::time::timeout;
use tokio_util::task::TaskTracker;

use super::{
    diagnosis::diagnose,
    link::{Life, Link},
};
use crate::{
    amqp::{
        callbacks::OnConnection,
        rpc::{NoResult, shielded},
        settings::Settings,
        trouble::is_final,
        url::Host,
    },
    transport::TransportErrorKind,
};

/// A handshake that nobody waits for any more is dropped in the end: the network alone would keep it for a quarter
/// of an hour.
const ABANDONED: Duration = Duration::from_secs(60);

/// Makes connections, and knows nothing of what becomes of them.
#[derive(Clone)]
pub(crate) struct Dialer {
    pub(super) settings: Arc<Settings>,
    /// What the connection is for, in the broker's list of connections.
    pub(super) purpose: &'static str,
    pub(super) tasks: TaskTracker,
}

impl Dialer {
    /// Tries each host once, beginning with one that differs from round to round. What the broker refuses for good
    /// ends the round.
    pub(super) async fn dial(&self, epoch: u64, round: u32) -> Result<Arc<Link>, TransportErrorKind> {
        let hosts = &self.settings.hosts;
        let first = round as usize % hosts.len().max(1);
        let mut failures = Vec::new();
        for host in hosts.iter().cycle().skip(first).take(hosts.len()) {
            match self.attempt(host, epoch).await {
                Ok(link) => return Ok(link),
                Err(TransportErrorKind::Unreachable { reason }) => failures.push(reason),
                Err(kind) if is_final(&kind) => return Err(kind),
                Err(kind) => failures.push(kind.to_string()),
            }
        }
        Err(TransportErrorKind::Unreachable { reason: failures.join("; ") })
    }

    pub(super) async fn attempt(&self, host: &Host, epoch: u64) -> Result<Arc<Link>, TransportErrorKind> {
        let arguments = self.arguments(host);
        let life = Arc::new(Life::default());
        let callback = OnConnection(life.clone());
        let opened = shielded(&self.tasks, self.settings.connection_timeout, async move {
            let connection =
                timeout(ABANDONED, Connection::open(&arguments)).await.map_err(|_| None)?.map_err(Some)?;
            connection.register_callback(callback).await.map_err(Some)?;
            Ok::<_, Option<amqprs::error::Error>>(connection)
        });
        let symptom = match opened.await {
            // amqprs would underflow at a limit of nothing, which means no limit.
            Ok(Ok(connection)) if connection.frame_max() == 0 => {
                return Err(TransportErrorKind::Refused {
                    action: format!("connect to {host}"),
                    code: 0,
                    text: "its frame_max is 0 (no limit): set frame_max to 131072, the default".to_owned(),
                });
            }
            Ok(Ok(connection)) => {
                return Ok(Arc::new(Link::new(epoch, connection, life, self.clone(), host.clone())));
            }
            Ok(Err(Some(error))) => error.to_string(),
            Ok(Err(None)) | Err(NoResult::Late) => {
                format!("no answer within {:?}", self.settings.connection_timeout)
            }
            Err(NoResult::Panicked) => "the broker's greeting could not be understood".to_owned(),
        };
        tracing::debug!(%host, symptom, "could not connect, asking why");
        Err(diagnose(&self.settings, host, &symptom).await)
    }

    fn arguments(&self, host: &Host) -> OpenConnectionArguments {
        let settings = &*self.settings;
        let mut arguments = OpenConnectionArguments::default();
        arguments
            .host(&host.name)
            .port(host.port)
            .virtual_host(&settings.virtual_host)
            .connection_name(&format!("{} {}", settings.connection_name, self.purpose))
            .credentials(SecurityCredentials::new_plain(&settings.user, &settings.password))
            .heartbeat(settings.heartbeat_seconds);
        #[cfg(feature = "tls")]
        if let Some(tls) = &settings.tls {
            arguments.tls_adaptor(amqprs::tls::TlsAdaptor::new(tls.connector.clone(), tls.name_of(host)));
        }
        arguments
    }
}
