use percent_encoding::percent_decode_str;

/// RabbitMQ's port for its management API.
const PORT: u16 = 15672;

/// Where the management API is, and who asks.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Scheme, host and port, perhaps a path; nothing secret.
    pub(super) base: String,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) virtual_host: String,
}

impl Target {
    /// From the broker's URL, which has been read by [`AmqpOptions`](leveret::amqp::AmqpOptions) before, and from a URL
    /// of the management API, if there is one; what that does not say is the broker's.
    ///
    /// The messages repeat nothing that might be a part of a password.
    pub(super) fn of(broker: &str, management: Option<&str>) -> Result<Self, String> {
        let (_, rest) = broker.split_once("://").unwrap_or(("", broker));
        let rest = rest.split('?').next().unwrap_or_default();
        let (authority, path) = match rest.split_once('/') {
            Some((authority, path)) => (authority, Some(path)),
            None => (rest, None),
        };
        let (user, hosts) = split_user(authority);
        let (user, password) = user.unwrap_or_else(|| ("guest".to_owned(), "guest".to_owned()));
        let virtual_host = path.map_or_else(|| "/".to_owned(), decode);
        let first = hosts.split(',').next().unwrap_or_default();
        let base = format!("http://{}:{PORT}", without_port(first));
        let target = Self { base, user, password, virtual_host };
        let Some(management) = management else { return Ok(target) };
        let shape = "write the management API as http://host:15672, or https://";
        let (scheme, rest) = management.split_once("://").ok_or(shape)?;
        if !matches!(scheme, "http" | "https") || rest.is_empty() {
            return Err(shape.to_owned());
        }
        let (own, place) = split_user(rest.trim_end_matches('/'));
        let (user, password) = own.unwrap_or((target.user, target.password));
        Ok(Self { base: format!("{scheme}://{place}"), user, password, ..target })
    }
}

fn split_user(authority: &str) -> (Option<(String, String)>, &str) {
    match authority.rsplit_once('@') {
        Some((user, rest)) => {
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            (Some((decode(user), decode(password))), rest)
        }
        None => (None, authority),
    }
}

/// An IPv6 address keeps its brackets.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(broker: &str, management: Option<&str>) -> [String; 4] {
        let target = Target::of(broker, management).unwrap();
        [target.base, target.user, target.password, target.virtual_host]
    }

    #[test]
    fn from_the_brokers_url() {
        for (broker, expected) in [
            ("amqp://h", ["http://h:15672", "guest", "guest", "/"]),
            ("amqp://u%40:p%2F@h:5673,i/v%2f?heartbeat=9", ["http://h:15672", "u@", "p/", "v/"]),
            ("amqps://u@[::1]:5671/", ["http://[::1]:15672", "u", "", ""]),
            ("amqp://[::1]/x", ["http://[::1]:15672", "guest", "guest", "x"]),
        ] {
            assert_eq!(of(broker, None), expected, "{broker}");
        }
    }

    #[test]
    fn from_its_own() {
        let broker = "amqp://u:p@h/v";
        assert_eq!(of(broker, Some("https://m:1/api/")), ["https://m:1/api", "u", "p", "v"]);
        assert_eq!(of(broker, Some("http://a:b%3A@m")), ["http://m", "a", "b:", "v"]);
        for wrong in ["m:15672", "ftp://m", "http://"] {
            assert!(Target::of(broker, Some(wrong)).is_err(), "{wrong}");
        }
    }
}
