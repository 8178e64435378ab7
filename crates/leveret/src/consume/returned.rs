use crate::envelope::{Names, Received};

/// How often a plain queue may take a message back before it goes to the error queue: as often as a quorum queue may.
const MOST_RETURNS: u32 = 20;

/// What it means that the broker gives a message out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Returned {
    /// Nothing: it comes for the first time, or its queue counts by itself.
    Uncounted,
    /// So many times by now. A process may have died of it each time, or was shut down while it held it: the broker does
    /// not tell which.
    Times(u32),
    /// So often that it must be the message (design §4).
    TooOften(u32),
}

/// Counts one more return of a message, where only its copies can. A quorum queue writes its own count into what it gives
/// out again, so that one that was taken for a plain queue is recognised.
pub(super) fn returned(received: &Received, names: &Names) -> Returned {
    let headers = &received.envelope.headers;
    let counts_itself =
        ["x-delivery-count", "x-acquired-count"].iter().any(|name| headers.get(name).is_some());
    if !received.redelivered || counts_itself {
        return Returned::Uncounted;
    }
    // What makes no sense has gone to the error queue before.
    match received.facts(names).redeliveries().unwrap_or(0).saturating_add(1) {
        times if times < MOST_RETURNS => Returned::Times(times),
        times => Returned::TooOften(times),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        envelope::{Envelope, Properties},
        headers::{Headers, Value},
    };

    #[test]
    fn counts_what_only_copies_can() {
        let count = |count: u32| ("PikaBus.Redeliveries", Value::I64(count.into()));
        for (redelivered, headers, expected) in [
            (false, vec![], Returned::Uncounted),
            (false, vec![count(19)], Returned::Uncounted),
            (true, vec![], Returned::Times(1)),
            (true, vec![count(1)], Returned::Times(2)),
            (true, vec![count(18)], Returned::Times(19)),
            (true, vec![count(19)], Returned::TooOften(20)),
            (true, vec![count(u32::MAX)], Returned::TooOften(u32::MAX)),
            (true, vec![("x-delivery-count", Value::I64(1))], Returned::Uncounted),
            (true, vec![count(19), ("x-acquired-count", Value::I64(1))], Returned::Uncounted),
        ] {
            let envelope = Envelope::new(Properties::default(), Headers::from_iter(headers.clone()), "");
            let mut received = Received::new(envelope, "", "worker", "worker");
            received.redelivered = redelivered;
            assert_eq!(returned(&received, &Names::default()), expected, "{redelivered} {headers:?}");
        }
    }
}
