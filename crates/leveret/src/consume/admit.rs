use time::OffsetDateTime;

use crate::{
    delay::MAX_DELAY,
    envelope::{Facts, Malformed},
};

/// Whether a message may be handled now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Admission {
    /// Now. `failures` is how often it has failed before.
    Due { failures: u32 },
    /// Not before this much time has passed.
    NotYet { wait: std::time::Duration },
    /// Not any more.
    Expired,
    /// A header that decides about it cannot be understood: trying again does not help.
    Malformed(Malformed),
}

/// A message may be handled from its DeferredTime to its ExpiresAt. One that `has_waited` in the broker is due.
pub(super) fn admit(facts: Facts<'_>, has_waited: bool, now: impl FnOnce() -> OffsetDateTime) -> Admission {
    let (deferred, expires, failures) =
        match (facts.deferred_time(), facts.expires_at(), facts.error_retries()) {
            (Ok(deferred), Ok(expires), Ok(failures)) => (deferred, expires, failures),
            (Err(malformed), ..) | (_, Err(malformed), _) | (.., Err(malformed)) => {
                return Admission::Malformed(malformed);
            }
        };
    if let Err(malformed) = facts.redeliveries() {
        return Admission::Malformed(malformed);
    }
    let deferred = deferred.filter(|_| !has_waited);
    if deferred.is_none() && expires.is_none() {
        return Admission::Due { failures }; // as nearly all are: they need no clock
    }
    let now = now();
    if expires.is_some_and(|expires| expires <= now) {
        return Admission::Expired;
    }
    match deferred.and_then(|due| std::time::Duration::try_from(due - now).ok()) {
        Some(wait) if wait > MAX_DELAY => Admission::Malformed(facts.too_far_ahead()),
        Some(wait) if !wait.is_zero() => Admission::NotYet { wait },
        _ => Admission::Due { failures },
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::{
        envelope::{Envelope, Names, Properties, Received},
        headers::Headers,
    };

    #[test]
    fn from_deferred_time_to_expires_at() {
        let now = datetime!(2026-08-07 16:00:00 UTC);
        let cases: [(&[(&str, &str)], Admission); 7] = [
            (&[], Admission::Due { failures: 0 }),
            (&[("ErrorRetries", "2")], Admission::Due { failures: 2 }),
            (&[("DeferredTime", "2026-08-07T15:59:59+00:00")], Admission::Due { failures: 0 }),
            (
                &[("DeferredTime", "2026-08-07T16:00:05+00:00")],
                Admission::NotYet { wait: std::time::Duration::from_secs(5) },
            ),
            (&[("ExpiresAt", "2026-08-07T16:00:00+00:00")], Admission::Expired),
            (
                &[("DeferredTime", "2026-08-07T17:00:00+00:00"), ("ExpiresAt", "2026-08-07T15:00:00+00:00")],
                Admission::Expired,
            ),
            (&[("ExpiresAt", "2026-08-07T16:00:01+00:00")], Admission::Due { failures: 0 }),
        ];
        for (headers, expected) in cases {
            assert_eq!(admission(headers, now), expected, "{headers:?}");
        }
        let beyond = admission(&[("DeferredTime", "2028-08-07T16:00:00+00:00")], now);
        assert!(
            matches!(&beyond, Admission::Malformed(m) if m.header.ends_with("DeferredTime")),
            "{beyond:?}"
        );
        for header in ["DeferredTime", "ExpiresAt", "ErrorRetries", "Redeliveries"] {
            let admission = admission(&[(header, "soon")], now);
            assert!(
                matches!(&admission, Admission::Malformed(m) if m.header.ends_with(header)),
                "{admission:?}"
            );
        }
    }

    fn admission(headers: &[(&str, &str)], now: OffsetDateTime) -> Admission {
        let headers = headers.iter().map(|(name, value)| (format!("PikaBus.{name}"), *value));
        let envelope = Envelope::new(Properties::default(), Headers::from_iter(headers), "");
        let received = Received::new(envelope, "PikaBusDirect", "billing", "billing");
        admit(received.facts(&Names::default()), false, || now)
    }
}
