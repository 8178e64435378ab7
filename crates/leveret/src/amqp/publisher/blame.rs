use crate::{
    amqp::trouble::{PUBLISH, ServerClose},
    transport::Outgoing,
};

/// What the broker complained about when it closed the channel because of a publish (design §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Blame {
    /// Not a publish: everything unconfirmed is sent again.
    Nobody,
    /// The exchange does not exist (404).
    Missing { exchange: String },
    /// The user may not write to the exchange (403), or not with this key.
    Forbidden { exchange: String, key: Option<String> },
    /// The body is larger than the broker takes (406).
    Larger { limit: usize },
    /// The broker cannot read the expiration (406).
    Expiration { value: String },
    /// One publish, but which one cannot be told from what the broker says.
    Somebody,
}

impl Blame {
    pub(super) fn find(close: &ServerClose) -> Self {
        if close.method != PUBLISH {
            return Self::Nobody;
        }
        let text = &*close.text;
        let known = match close.code {
            404 => between(text, "no exchange '", "' in vhost").map(|exchange| Self::Missing { exchange }),
            403 => match between(text, "access to topic '", "' in exchange '") {
                Some(key) => between(text, "' in exchange '", "' in vhost")
                    .map(|exchange| Self::Forbidden { exchange, key: Some(key) }),
                None => between(text, "access to exchange '", "' in vhost")
                    .map(|exchange| Self::Forbidden { exchange, key: None }),
            },
            406 => match between(text, "invalid expiration '", "'") {
                Some(value) => Some(Self::Expiration { value }),
                None => last_number(text, "larger than").map(|limit| Self::Larger { limit }),
            },
            _ => None,
        };
        known.unwrap_or(Self::Somebody)
    }

    /// Whether this message is one that the broker cannot accept.
    pub(super) fn is_guilty(&self, outgoing: &Outgoing) -> bool {
        match self {
            Self::Nobody | Self::Somebody => false,
            Self::Missing { exchange } => outgoing.exchange == *exchange,
            Self::Forbidden { exchange, key } => {
                outgoing.exchange == *exchange && key.as_ref().is_none_or(|key| outgoing.routing_key == *key)
            }
            Self::Larger { limit } => outgoing.envelope.body.len() > *limit,
            Self::Expiration { value } => outgoing.envelope.properties.expiration.as_deref() == Some(value),
        }
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.rsplit_once(after).or_else(|| rest.split_once(after))?.0.to_owned())
}

/// The last number behind `marker`.
fn last_number(text: &str, marker: &str) -> Option<usize> {
    let (_, rest) = text.split_once(marker)?;
    rest.split(|c: char| !c.is_ascii_digit()).rfind(|digits| !digits.is_empty())?.parse().ok()
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::envelope::{Envelope, Properties};

    fn blame(code: u16, text: &str) -> Blame {
        Blame::find(&ServerClose { code, text: text.to_owned(), method: PUBLISH })
    }

    #[test]
    fn what_brokers_say() {
        let table = [
            (404, "NOT_FOUND - no exchange 'it's' in vhost '/'", Blame::Missing { exchange: "it's".into() }),
            (
                403,
                "ACCESS_REFUSED - write access to exchange 'e' in vhost '/' refused for user 'u'",
                Blame::Forbidden { exchange: "e".into(), key: None },
            ),
            (
                403,
                "ACCESS_REFUSED - access to exchange 'e' in vhost '/' refused for user 'u'",
                Blame::Forbidden { exchange: "e".into(), key: None },
            ),
            (
                403,
                "ACCESS_REFUSED - write access to topic 'a.b' in exchange 'e' in vhost '/' refused for user 'u'",
                Blame::Forbidden { exchange: "e".into(), key: Some("a.b".into()) },
            ),
            (
                406,
                "PRECONDITION_FAILED - message size 20000 is larger than configured max size 10000",
                Blame::Larger { limit: 10_000 },
            ),
            (
                406,
                "PRECONDITION_FAILED - message size 200 is larger than max size 100",
                Blame::Larger { limit: 100 },
            ),
            (
                406,
                "PRECONDITION_FAILED - invalid expiration 'soon': no_integer",
                Blame::Expiration { value: "soon".into() },
            ),
            (406, "PRECONDITION_FAILED - something new", Blame::Somebody),
            (404, "NOT_FOUND - no exchange 'very long and cut", Blame::Somebody),
        ];
        for (code, text, expected) in table {
            assert_eq!(blame(code, text), expected, "{text}");
        }
    }

    #[test]
    fn a_close_that_is_not_about_a_publish_blames_nobody() {
        let close = ServerClose { code: 404, text: "no exchange 'e' in vhost '/'".into(), method: (50, 20) };
        assert_eq!(Blame::find(&close), Blame::Nobody);
    }

    #[test]
    fn the_guilty() {
        let outgoing = |exchange: &str, key: &str, bytes: usize| {
            let properties = Properties { expiration: Some("soon".into()), ..Properties::default() };
            let envelope = Envelope { properties, body: vec![0; bytes].into(), ..Envelope::default() };
            Outgoing::new(exchange, key, envelope, Instant::now())
        };
        let message = outgoing("e", "k", 10);
        assert!(Blame::Missing { exchange: "e".into() }.is_guilty(&message));
        assert!(!Blame::Missing { exchange: "f".into() }.is_guilty(&message));
        assert!(Blame::Forbidden { exchange: "e".into(), key: None }.is_guilty(&message));
        assert!(!Blame::Forbidden { exchange: "e".into(), key: Some("other".into()) }.is_guilty(&message));
        assert!(Blame::Larger { limit: 9 }.is_guilty(&message));
        assert!(!Blame::Larger { limit: 10 }.is_guilty(&message));
        assert!(Blame::Expiration { value: "soon".into() }.is_guilty(&message));
        assert!(!Blame::Somebody.is_guilty(&message));
    }
}
