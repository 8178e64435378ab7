use std::path::PathBuf;

use crate::transport::{TransportError, TransportErrorKind};

/// How to trust the broker, and how to be trusted by it, on `amqps://` connections.
///
/// The broker's certificate is always checked.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct TlsOptions {
    pub(super) ca_file: Option<PathBuf>,
    pub(super) certificate_file: Option<PathBuf>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) server_name: Option<String>,
}

impl TlsOptions {
    /// Trusts the public certificate authorities (Mozilla's list), and shows no certificate.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts the certificate authorities in this PEM file, and no others.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// Shows the broker this certificate: PEM files of the chain and of its private key.
    pub fn client_certificate(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.certificate_file = Some(certificate.into());
        self.key_file = Some(key.into());
        self
    }

    /// The name that the broker's certificate must carry. Default: the host of the URL.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }
}

fn tls_error(reason: impl Into<String>) -> TransportError {
    TransportErrorKind::Tls { reason: reason.into() }.into()
}

#[cfg(feature = "tls")]
pub(super) use self::with_rustls::{Connector, connector};
#[cfg(not(feature = "tls"))]
pub(super) use self::without_rustls::{Connector, connector};

#[cfg(feature = "tls")]
mod with_rustls {
    use std::{fmt::Display, path::Path, sync::Arc};

    use rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    };

    use super::{TlsOptions, TransportError, tls_error};

    pub(in crate::amqp) type Connector = tokio_rustls::TlsConnector;

    /// Reads the files. The crypto provider is named, because rustls panics where a process has none (hazard H25).
    pub(in crate::amqp) fn connector(options: &TlsOptions) -> Result<Connector, TransportError> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| tls_error(error.to_string()))?
            .with_root_certificates(roots(options.ca_file.as_deref())?);
        let config = match (&options.certificate_file, &options.key_file) {
            (None, None) => builder.with_no_client_auth(),
            (Some(certificate), Some(key)) => {
                let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error))?;
                builder
                    .with_client_auth_cert(certificates(certificate)?, private)
                    .map_err(|error| unreadable(certificate, error))?
            }
            _ => return Err(tls_error("a client certificate needs both a certificate file and a key file")),
        };
        Ok(Connector::from(Arc::new(config)))
    }

    fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, TransportError> {
        let mut roots = RootCertStore::empty();
        match ca_file {
            None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Some(path) => {
                for certificate in certificates(path)? {
                    roots.add(certificate).map_err(|error| unreadable(path, error))?;
                }
            }
        }
        Ok(roots)
    }

    fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TransportError> {
        let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
            .and_then(Iterator::collect)
            .map_err(|error| unreadable(path, error))?;
        if certificates.is_empty() {
            return Err(unreadable(path, "there is no certificate in it"));
        }
        Ok(certificates)
    }

    fn unreadable(path: &Path, why: impl Display) -> TransportError {
        tls_error(format!("`{}` cannot be used: {why}", path.display()))
    }
}

#[cfg(not(feature = "tls"))]
mod without_rustls {
    use super::{TlsOptions, TransportError, tls_error};

    /// There is none without the feature.
    #[derive(Clone)]
    pub(in crate::amqp) enum Connector {}

    pub(in crate::amqp) fn connector(_: &TlsOptions) -> Result<Connector, TransportError> {
        Err(tls_error("amqps:// needs the cargo feature `tls` of the crate leveret"))
    }
}
