use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Where a broker listens. The ports stay the same over restarts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Address {
    pub(super) port: u16,
    pub(super) tls_port: u16,
}

impl Address {
    pub(super) fn url(self, user: &str, password: &str, vhost: &str) -> String {
        let [user, password, vhost] = [user, password, vhost].map(encode);
        format!("amqp://{user}:{password}@127.0.0.1:{}/{vhost}", self.port)
    }

    /// By name, as the certificate has it.
    pub(super) fn tls_url(self, user: &str, password: &str, vhost: &str) -> String {
        let [user, password, vhost] = [user, password, vhost].map(encode);
        format!("amqps://{user}:{password}@localhost:{}/{vhost}", self.tls_port)
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn urls_are_percent_encoded() {
        let address = Address { port: 5672, tls_port: 5671 };
        assert_eq!(address.url("guest", "a/b@c", "/"), "amqp://guest:a%2Fb%40c@127.0.0.1:5672/%2F");
        assert_eq!(address.tls_url("ü", "p", "v"), "amqps://%C3%BC:p@localhost:5671/v");
    }
}
