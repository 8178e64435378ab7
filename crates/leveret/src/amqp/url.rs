use std::time::Duration;

use percent_encoding::percent_decode_str;

use super::tls::TlsOptions;
use crate::transport::{TransportError, TransportErrorKind};

const SHAPE: &str =
    "write amqp://user:password@host:5672/vhost (percent-encode user, password and virtual host)";

/// A broker URL, taken apart. It follows RabbitMQ's URI specification, with several hosts separated by commas.
#[derive(Clone)]
pub(super) struct BrokerUrl {
    pub(super) hosts: Vec<Host>,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) virtual_host: String,
    /// `Some` for `amqps`.
    pub(super) tls: Option<TlsOptions>,
    pub(super) heartbeat: Option<Duration>,
    pub(super) connection_timeout: Option<Duration>,
}

/// A host and its port. An IPv6 address keeps its brackets, which amqprs needs (hazard H26).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) port: u16,
}

impl std::fmt::Display for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.name, self.port)
    }
}

pub(super) fn invalid(reason: impl Into<String>) -> TransportError {
    TransportErrorKind::InvalidUrl { reason: reason.into() }.into()
}

impl BrokerUrl {
    /// Messages of this function never repeat what might be a part of a badly encoded password.
    pub(super) fn parse(url: &str) -> Result<Self, TransportError> {
        let (scheme, rest) =
            url.split_once("://").ok_or_else(|| invalid(format!("it has no scheme: {SHAPE}")))?;
        let tls = match scheme {
            "amqp" => None,
            "amqps" => Some(TlsOptions::default()),
            _ => return Err(invalid(format!("its scheme is neither amqp nor amqps: {SHAPE}"))),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, Some(path)),
            None => (rest, None),
        };
        let (user_info, hosts) = match authority.rsplit_once('@') {
            Some((user_info, hosts)) => (Some(user_info), hosts),
            None if rest.contains('@') || query.contains('@') => {
                return Err(invalid(format!("an `@` stands behind a `/` or a `?`: {SHAPE}")));
            }
            None => (None, authority),
        };
        let (user, password) = match user_info {
            Some(user_info) => user_info.split_once(':').unwrap_or((user_info, "")),
            None => ("guest", "guest"),
        };
        let mut parsed = Self {
            hosts: hosts_of(hosts, if tls.is_some() { 5671 } else { 5672 })?,
            user: decode("user", user)?,
            password: decode("password", password)?,
            virtual_host: path.map_or(Ok("/".to_owned()), |path| decode("virtual host", path))?,
            tls,
            heartbeat: None,
            connection_timeout: None,
        };
        if parsed.virtual_host.len() > 255 {
            return Err(invalid("the virtual host is longer than 255 bytes"));
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            parsed.set(pair)?;
        }
        Ok(parsed)
    }

    /// Takes one parameter of the query: the names and units are those of RabbitMQ's own clients
    /// (<https://www.rabbitmq.com/docs/uri-query-parameters>).
    fn set(&mut self, pair: &str) -> Result<(), TransportError> {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode("query", value)?;
        match key {
            "heartbeat" => self.heartbeat = Some(Duration::from_secs(number(key, "seconds", &value)?)),
            "connection_timeout" => {
                self.connection_timeout = Some(Duration::from_millis(number(key, "milliseconds", &value)?));
            }
            "cacertfile" | "certfile" | "keyfile" | "server_name_indication" => {
                let tls = self
                    .tls
                    .as_mut()
                    .ok_or_else(|| invalid(format!("`{key}` needs amqps:// instead of amqp://")))?;
                match key {
                    "cacertfile" => tls.ca_file = Some(value.into()),
                    "certfile" => tls.certificate_file = Some(value.into()),
                    "keyfile" => tls.key_file = Some(value.into()),
                    _ => tls.server_name = Some(value),
                }
            }
            "verify" if value == "verify_peer" => {}
            "verify" => {
                return Err(invalid(
                    "`verify` can only be verify_peer: the broker's certificate is always checked",
                ));
            }
            _ => {
                return Err(invalid(format!(
                    "it has an unknown parameter `{key}`: known are heartbeat, connection_timeout, cacertfile, certfile, keyfile, server_name_indication and verify"
                )));
            }
        }
        Ok(())
    }
}

fn hosts_of(hosts: &str, default_port: u16) -> Result<Vec<Host>, TransportError> {
    hosts.split(',').map(|host| host_of(host, default_port)).collect()
}

fn host_of(host: &str, default_port: u16) -> Result<Host, TransportError> {
    if !host.starts_with('[') && host.matches(':').count() > 1 {
        return Err(invalid("an IPv6 address stands in brackets, as in [::1]:5672"));
    }
    let end = match host.strip_prefix('[') {
        Some(inside) => {
            inside.find(']').ok_or_else(|| invalid("an IPv6 address has no closing bracket"))? + 2
        }
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, port) = host.split_at(end);
    if name.is_empty() || name == "[]" {
        return Err(invalid(format!("it names no host: {SHAPE}")));
    }
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => default_port,
        Some(port) => port
            .parse()
            .ok()
            .filter(|port| *port != 0)
            .ok_or_else(|| invalid("a port is no number from 1 to 65535"))?,
        None => {
            return Err(invalid(format!("something stands behind the brackets of an IPv6 address: {SHAPE}")));
        }
    };
    let name = if name.starts_with('[') { name.to_owned() } else { decode("host", name)? };
    Ok(Host { name, port })
}

fn decode(what: &str, text: &str) -> Result<String, TransportError> {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if !rest.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(invalid(format!(
                "the {what} has a `%` without two hexadecimal digits behind it: write %25 for it"
            )));
        }
    }
    percent_decode_str(text)
        .decode_utf8()
        .map(Into::into)
        .map_err(|_| invalid(format!("the {what} is not UTF-8 once it is percent-decoded")))
}

fn number(key: &str, unit: &str, value: &str) -> Result<u64, TransportError> {
    value.parse().map_err(|_| invalid(format!("`{key}` is no whole number of {unit}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> BrokerUrl {
        BrokerUrl::parse(url).unwrap()
    }

    #[test]
    fn everything_is_percent_decoded() {
        let url =
            parse("amqp://us%40er:pa%3As%2Fs@host1:5672,host2/vh%2Fost?heartbeat=10&connection_timeout=1500");
        assert_eq!(url.user, "us@er");
        assert_eq!(url.password, "pa:s/s");
        assert_eq!(url.virtual_host, "vh/ost");
        assert_eq!(
            url.hosts,
            [Host { name: "host1".into(), port: 5672 }, Host { name: "host2".into(), port: 5672 }]
        );
        assert_eq!(url.heartbeat, Some(Duration::from_secs(10)));
        assert_eq!(url.connection_timeout, Some(Duration::from_millis(1500)));
    }

    #[test]
    fn what_is_left_out_has_defaults() {
        for (url, virtual_host) in
            [("amqp://h", "/"), ("amqp://h/", ""), ("amqp://h/%2f", "/"), ("amqp://h?heartbeat=9", "/")]
        {
            let parsed = parse(url);
            assert_eq!((&*parsed.user, &*parsed.password), ("guest", "guest"));
            assert_eq!(parsed.virtual_host, virtual_host, "{url}");
        }
        assert_eq!(parse("amqp://me@h").password, "");
        assert_eq!(parse("amqps://h").hosts, [Host { name: "h".into(), port: 5671 }]);
    }

    #[test]
    fn ipv6_stands_in_brackets() {
        let hosts = parse("amqp://[::1]:5673,[fe80::1]").hosts;
        assert_eq!(
            hosts,
            [Host { name: "[::1]".into(), port: 5673 }, Host { name: "[fe80::1]".into(), port: 5672 }]
        );
    }

    #[test]
    fn tls_comes_from_the_query() {
        let tls =
            parse("amqps://h?cacertfile=%2Fca.pem&certfile=/c.pem&keyfile=/k.pem&server_name_indication=n")
                .tls
                .unwrap();
        assert_eq!(tls.ca_file, Some("/ca.pem".into()));
        assert_eq!(tls.certificate_file, Some("/c.pem".into()));
        assert_eq!(tls.key_file, Some("/k.pem".into()));
        assert_eq!(tls.server_name.as_deref(), Some("n"));
    }

    #[test]
    fn mistakes_are_named_without_the_password() {
        let table = [
            ("localhost:5672", "no scheme"),
            ("http://u:secret@h", "neither amqp nor amqps"),
            ("amqp://", "no host"),
            ("amqp:///vhost", "no host"),
            ("amqp://u:secret@h,", "no host"),
            ("amqp://u:sec/ret@h/", "behind a `/`"),
            ("amqp://u:sec?ret@h/", "behind a `/`"),
            ("amqp://u:secret@h:0", "no number from 1"),
            ("amqp://u:secret@h:secret", "no number from 1"),
            ("amqp://u:secret@::1", "stands in brackets"),
            ("amqp://[::1", "closing bracket"),
            ("amqp://[::1]secret", "behind the brackets"),
            ("amqp://u:secret%@h", "password has a `%`"),
            ("amqp://u:secret%ff@h", "password is not UTF-8"),
            ("amqp://u:secret@h?heartbeat=soon", "no whole number of seconds"),
            ("amqp://u:secret@h?connection_timeout=1.5", "milliseconds"),
            ("amqp://u:secret@h?heart=5", "unknown parameter `heart`"),
            ("amqp://u:secret@h?cacertfile=x", "needs amqps"),
            ("amqps://u:secret@h?verify=verify_none", "verify_peer"),
        ];
        for (url, expected) in table {
            let error = BrokerUrl::parse(url).err().unwrap();
            assert!(error.to_string().contains(expected), "{url}: {error}");
            assert!(!format!("{error:?}").contains("secret"), "{url}: {error:?}");
        }
    }
}
