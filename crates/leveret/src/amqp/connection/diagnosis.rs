use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::frames::{
    CLOSE, Method, OPEN, OPEN_OK, PROTOCOL_HEADER, START, START_OK, TUNE, TUNE_OK, long, short,
};
use crate::{
    amqp::{settings::Settings, url::Host},
    transport::TransportErrorKind,
};

const LONGEST: Duration = Duration::from_secs(5);

/// Walks through the handshake once more, by hand, to learn why amqprs could not finish it.
///
/// amqprs tells neither codes nor causes (hazard H27), and the broker closes without a word when the password of a
/// client is wrong that does not announce `authentication_failure_close` (hazard H17), which amqprs cannot do. This
/// does, and so hears the broker's own reason.
pub(super) async fn diagnose(settings: &Settings, host: &Host, symptom: &str) -> TransportErrorKind {
    let limit = settings.connection_timeout.min(LONGEST);
    match timeout(limit, walk(settings, host)).await {
        Ok(Err(kind)) => kind,
        // It works now: the broker was only just starting or stopping.
        Ok(Ok(())) => TransportErrorKind::Unreachable { reason: format!("{host}: {symptom}") },
        Err(_) => TransportErrorKind::Unreachable { reason: format!("{host} does not answer") },
    }
}

async fn walk(settings: &Settings, host: &Host) -> Result<(), TransportErrorKind> {
    let unreachable =
        |error: io::Error| TransportErrorKind::Unreachable { reason: format!("{host}: {error}") };
    let stream = TcpStream::connect(host.to_string()).await.map_err(unreachable)?;
    #[cfg(feature = "tls")]
    if let Some(tls) = &settings.tls {
        let stream = handshake(tls, host, stream).await?;
        return introduce(settings, host, stream, true).await;
    }
    introduce(settings, host, stream, false).await
}

#[cfg(feature = "tls")]
async fn handshake(
    tls: &crate::amqp::settings::TlsSettings,
    host: &Host,
    stream: TcpStream,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, TransportErrorKind> {
    let failed = |reason: String| TransportErrorKind::Tls { reason: format!("{host}: {reason}") };
    let name = rustls::pki_types::ServerName::try_from(tls.name_of(host))
        .map_err(|error| failed(error.to_string()))?;
    tls.connector.connect(name, stream).await.map_err(|error| {
        // Only what rustls itself objects to will be the same the next time.
        let objection = error.get_ref().is_some_and(|cause| cause.is::<rustls::Error>());
        let reason = error.to_string();
        if objection {
            failed(reason)
        } else {
            TransportErrorKind::Unreachable { reason: format!("{host}: {reason}") }
        }
    })
}

async fn introduce(
    settings: &Settings,
    host: &Host,
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    encrypted: bool,
) -> Result<(), TransportErrorKind> {
    let broken = |error: io::Error| explain(host, &error, encrypted);
    stream.write_all(PROTOCOL_HEADER).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    expect(&mut stream, START).await.map_err(broken)?;
    Method { number: START_OK, arguments: start_ok(settings) }.write(&mut stream).await.map_err(broken)?;
    let tune = Method::read(&mut stream).await.map_err(broken)?;
    if let Some((code, text)) = closed(&tune) {
        return Err(match code {
            403 => {
                TransportErrorKind::CredentialsRefused { user: settings.user.clone(), host: host.to_string() }
            }
            _ => refused(code, text),
        });
    }
    if tune.number != TUNE {
        return Err(broken(io::ErrorKind::InvalidData.into()));
    }
    Method { number: TUNE_OK, arguments: tune.arguments }.write(&mut stream).await.map_err(broken)?;
    let mut open = short(&settings.virtual_host);
    open.extend([0, 0]);
    Method { number: OPEN, arguments: open }.write(&mut stream).await.map_err(broken)?;
    let answer = Method::read(&mut stream).await.map_err(broken)?;
    match closed(&answer) {
        None if answer.number == OPEN_OK => goodbye(&mut stream).await.map_err(broken),
        None => Err(broken(io::ErrorKind::InvalidData.into())),
        Some((403 | 530, text)) => Err(TransportErrorKind::VirtualHostRefused {
            name: settings.virtual_host.clone(),
            user: settings.user.clone(),
            text,
        }),
        Some((code, text)) => Err(refused(code, text)),
    }
}

/// Product, capabilities, mechanism PLAIN with user and password, locale.
fn start_ok(settings: &Settings) -> Vec<u8> {
    let mut capabilities = short("authentication_failure_close");
    capabilities.extend(b"t\x01");
    let mut properties = short("capabilities");
    properties.push(b'F');
    properties.extend(long(&capabilities));
    let mut arguments = long(&properties);
    arguments.extend(short("PLAIN"));
    arguments.extend(long(format!("\0{}\0{}", settings.user, settings.password).as_bytes()));
    arguments.extend(short("en_US"));
    arguments
}

async fn goodbye(stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let mut arguments = 200_u16.to_be_bytes().to_vec();
    arguments.extend(short(""));
    arguments.extend([0; 4]);
    Method { number: CLOSE, arguments }.write(stream).await
}

async fn expect(stream: &mut (impl AsyncRead + Unpin), number: (u16, u16)) -> io::Result<()> {
    let method = Method::read(stream).await?;
    if method.number == number { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn closed(method: &Method) -> Option<(u16, String)> {
    (method.number == CLOSE).then(|| method.close_reason()).flatten()
}

fn refused(code: u16, text: String) -> TransportErrorKind {
    match code {
        // The broker is stopping, or the virtual host is not up yet.
        320 | 541 => TransportErrorKind::Unreachable { reason: text },
        code => TransportErrorKind::Refused { action: "connect".to_owned(), code, text },
    }
}

/// A stream that breaks in the middle. With TLS 1.3 the broker checks our certificate only after the handshake, so
/// its objection arrives here.
fn explain(host: &Host, error: &io::Error, encrypted: bool) -> TransportErrorKind {
    #[cfg(feature = "tls")]
    if error.get_ref().is_some_and(|cause| cause.is::<rustls::Error>()) {
        return TransportErrorKind::Tls { reason: format!("{host}: {error}") };
    }
    let hint = match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::ConnectionReset
            if !encrypted =>
        {
            "it does not speak AMQP 0-9-1 here, or only with TLS (amqps://, usually port 5671), or is just stopping"
        }
        _ => "the handshake broke off",
    };
    TransportErrorKind::Unreachable { reason: format!("{host}: {hint} ({error})") }
}
