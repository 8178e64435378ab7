use std::time::Duration;

use time::OffsetDateTime;

use super::Failed;
use crate::envelope::now;

/// Which messages of the error queue are meant: those that fit everything that is set. The default means all.
///
/// ```
/// use std::time::Duration;
/// use leveret::admin::Filter;
///
/// let declined = Filter::new().source("billing").error_contains("declined").older_than(Duration::from_secs(3600));
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Filter {
    id: Option<String>,
    message_type: Option<String>,
    source: Option<String>,
    error: Option<String>,
    older_than: Option<Duration>,
    younger_than: Option<Duration>,
}

impl Filter {
    /// All messages.
    pub fn new() -> Self {
        Self::default()
    }

    /// The message with this id; several have it where one failed several times.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Messages of the contract with exactly this name on the wire.
    pub fn message_type(mut self, name: impl Into<String>) -> Self {
        self.message_type = Some(name.into());
        self
    }

    /// Messages that failed in exactly this queue.
    pub fn source(mut self, queue: impl Into<String>) -> Self {
        self.source = Some(queue.into());
        self
    }

    /// Messages whose error, or the type of it, has this text in it, in whatever case.
    pub fn error_contains(mut self, text: impl AsRef<str>) -> Self {
        self.error = Some(text.as_ref().to_lowercase());
        self
    }

    /// Messages that failed longer ago. One that does not tell when it failed is not meant.
    pub fn older_than(mut self, age: Duration) -> Self {
        self.older_than = Some(age);
        self
    }

    /// Messages that failed more recently. One that does not tell when it failed is not meant.
    pub fn younger_than(mut self, age: Duration) -> Self {
        self.younger_than = Some(age);
        self
    }

    /// Whether all messages are meant.
    pub fn is_everything(&self) -> bool {
        let texts = [&self.id, &self.message_type, &self.source, &self.error];
        texts.iter().all(|text| text.is_none()) && self.older_than.is_none() && self.younger_than.is_none()
    }

    pub(super) fn means(&self, failed: &Failed) -> bool {
        self.means_at(failed, now())
    }

    fn means_at(&self, failed: &Failed, now: OffsetDateTime) -> bool {
        let equal = |wanted: &Option<String>, there: &Option<String>| wanted.is_none() || wanted == there;
        let error = |wanted: &String| {
            let has = |text: &str| text.to_lowercase().contains(wanted);
            has(&failed.error) || failed.error_type.as_deref().is_some_and(has)
        };
        let age = failed.failed_at.map(|at| now - at);
        equal(&self.id, &failed.id)
            && equal(&self.message_type, &failed.message_type)
            && equal(&self.source, &failed.source)
            && self.error.as_ref().is_none_or(error)
            && self.older_than.is_none_or(|limit| age.is_some_and(|age| age > limit))
            && self.younger_than.is_none_or(|limit| age.is_some_and(|age| age < limit))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn everything_that_is_set_must_fit() {
        let failed = Failed {
            id: Some("1".into()),
            message_type: Some("ChargeCard".into()),
            source: Some("billing".into()),
            error: "Card DECLINED".into(),
            error_type: Some("gateway::Refusal".into()),
            attempts: None,
            failed_at: Some(datetime!(2026-08-07 16:00 UTC)),
            body_bytes: 0,
        };
        let now = datetime!(2026-08-07 17:00 UTC);
        let minutes = |n: u64| Duration::from_secs(60 * n);
        let all = Filter::new;
        for (filter, expected) in [
            (all(), true),
            (all().id("1"), true),
            (all().id("2"), false),
            (all().message_type("ChargeCard"), true),
            (all().message_type("Charge"), false),
            (all().source("billing").id("1"), true),
            (all().source("billing").id("2"), false),
            (all().error_contains("declined"), true),
            (all().error_contains("Refusal"), true),
            (all().error_contains("timeout"), false),
            (all().older_than(minutes(59)), true),
            (all().older_than(minutes(61)), false),
            (all().younger_than(minutes(61)), true),
            (all().younger_than(minutes(59)), false),
        ] {
            assert_eq!(filter.means_at(&failed, now), expected, "{filter:?}");
        }
        let timeless = Failed { failed_at: None, ..failed };
        assert!(!all().older_than(minutes(0)).means_at(&timeless, now));
        assert!(!all().younger_than(Duration::MAX).means_at(&timeless, now));
        assert!(all().is_everything() && !all().younger_than(minutes(1)).is_everything());
    }
}
