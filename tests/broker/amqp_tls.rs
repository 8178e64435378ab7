//! TLS: trusted, refused, and as quick as without.

use std::{path::PathBuf, time::Duration};

use leveret::{
    amqp::{AmqpOptions, TlsOptions},
    transport::TransportErrorKind,
};
use leveret_tests::broker::{Broker, BrokerOptions, Tls};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tempfile::TempDir;
use tokio::{task::JoinSet, time::Instant};

use crate::amqp_support::{queue, quorum, to_queue};

/// A broker that shows a certificate for `localhost`, and asks for one of the same authority.
struct Secured {
    broker: Broker,
    files: TempDir,
}

impl Secured {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// With another certificate of the broker.
    async fn start_with(change: impl Fn(&mut CertificateParams)) -> Self {
        let authority_key = KeyPair::generate().unwrap();
        let mut parameters = named(&[]);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = parameters.self_signed(&authority_key).unwrap().pem();
        let issuer = Issuer::from_params(&parameters, &authority_key);
        let issue = |parameters: CertificateParams| {
            let key = KeyPair::generate().unwrap();
            let certificate = parameters.signed_by(&key, &issuer).unwrap();
            (certificate.pem(), key.serialize_pem())
        };
        let mut server = named(&["localhost", "127.0.0.1"]);
        change(&mut server);
        let (certificate, key) = issue(server);
        let (client, client_key) = issue(named(&["client"]));
        let files = tempfile::tempdir().unwrap();
        for (name, text) in [("ca.pem", &authority), ("client.pem", &client), ("client.key", &client_key)] {
            std::fs::write(files.path().join(name), text).unwrap();
        }
        let tls = Tls { authority, certificate, key, client_certificate: true };
        Self { broker: Broker::start_with(BrokerOptions::new().tls(tls)).await, files }
    }

    fn options(&self, tls: TlsOptions) -> AmqpOptions {
        let url = self.broker.tls_url_for("guest", "guest", "/");
        AmqpOptions::from_url(&url).unwrap().start_timeout(Duration::from_secs(20)).tls(tls)
    }

    /// What a client that is trusted shows.
    fn trusted(&self) -> TlsOptions {
        TlsOptions::new()
            .ca_file(self.file("ca.pem"))
            .client_certificate(self.file("client.pem"), self.file("client.key"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }
}

/// Each with a name of its own: Erlang takes a certificate for self-signed if its issuer is called like it.
fn named(hosts: &[&str]) -> CertificateParams {
    let mut parameters =
        CertificateParams::new(hosts.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, hosts.first().copied().unwrap_or("authority"));
    parameters
}

#[tokio::test]
async fn tls_trusts_whom_it_should_and_is_as_quick() {
    let secured = Secured::start().await;
    bursts_are_confirmed_at_once(&secured).await;
    who_is_not_trusted_is_told_at_once(&secured).await;
    files_that_cannot_be_used_are_named(&secured).await;
}

#[tokio::test]
async fn an_expired_certificate_is_told_at_once() {
    let secured = Secured::start_with(|server| server.not_after = date_time_ymd(2020, 1, 1)).await;
    let started = Instant::now();
    let error = secured.options(secured.trusted()).connect().await.unwrap_err();
    assert!(matches!(error.kind(), TransportErrorKind::Tls { .. }), "{error}");
    assert!(error.to_string().to_lowercase().contains("expired"), "{error}");
    // It is not tried again until the start timeout.
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
}

/// amqprs never flushes: what TLS keeps in its buffer must not stay there (hazards 1.2).
async fn bursts_are_confirmed_at_once(secured: &Secured) {
    let transport = secured.options(secured.trusted()).connect().await.unwrap();
    let queue = queue(&*transport, quorum()).await;
    for bytes in [10, 70_000, 1 << 20] {
        let body = "x".repeat(bytes);
        let started = Instant::now();
        let mut sends = JoinSet::new();
        for _ in 0..10 {
            let (publisher, outgoing) = (transport.publisher(), to_queue(&queue, &body));
            sends.spawn(async move { publisher.publish(outgoing).await.unwrap() });
        }
        sends.join_all().await;
        // What stayed behind would leave with the next heartbeat, after 5 s.
        assert!(started.elapsed() < Duration::from_secs(4), "{bytes}: {:?}", started.elapsed());
    }
    transport.close(Duration::from_secs(5)).await;
}

async fn who_is_not_trusted_is_told_at_once(secured: &Secured) {
    let ours = || TlsOptions::new().ca_file(secured.file("ca.pem"));
    // The broker asks for a certificate of ours, too.
    for tls in [TlsOptions::new(), ours().server_name("elsewhere.example"), ours()] {
        let error = secured.options(tls.clone()).connect().await.unwrap_err();
        assert!(matches!(error.kind(), TransportErrorKind::Tls { .. }), "{tls:?}: {error}");
        assert!(error.to_string().to_lowercase().contains("certificate"), "{tls:?}: {error}");
    }
}

async fn files_that_cannot_be_used_are_named(secured: &Secured) {
    let error = secured.options(TlsOptions::new().ca_file("no-such-file.pem")).connect().await.unwrap_err();
    assert!(error.to_string().contains("no-such-file.pem"), "{error}");
    let tls = TlsOptions::new().ca_file(secured.file("client.key"));
    let error = secured.options(tls).connect().await.unwrap_err();
    assert!(error.to_string().contains("no certificate"), "{error}");
}
