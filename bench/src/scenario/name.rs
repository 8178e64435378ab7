use serde::{Deserialize, Serialize};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scenario {
    /// Sends with 256 messages in flight.
    Send,
    /// Sends one message after another, each confirmed before the next.
    OneByOne,
    /// Publishes an event to three subscribers' queues, 256 in flight.
    Publish,
    /// Sends in transactions of 100, one after another.
    Transactions,
    /// Handles a backlog, one message at a time.
    #[value(name = "handle-1")]
    #[serde(rename = "handle-1")]
    Handle1,
    /// Handles a backlog, sixteen messages at a time.
    #[value(name = "handle-16")]
    #[serde(rename = "handle-16")]
    Handle16,
    /// Requests and awaits the reply, one after another.
    Request,
    /// Sends with 256 in flight, and handles with 16 at a time, in one process.
    EndToEnd,
}

impl Scenario {
    pub(crate) const ALL: [Self; 8] = [
        Self::Send,
        Self::OneByOne,
        Self::Publish,
        Self::Transactions,
        Self::Handle1,
        Self::Handle16,
        Self::Request,
        Self::EndToEnd,
    ];

    /// Its title in tables and charts.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Send => "send, 256 in flight",
            Self::OneByOne => "send one by one",
            Self::Publish => "publish to 3 queues",
            Self::Transactions => "transactions of 100",
            Self::Handle1 => "handle, 1 at a time",
            Self::Handle16 => "handle, 16 at a time",
            Self::Request => "request and reply",
            Self::EndToEnd => "send and handle",
        }
    }

    /// Its share of the messages: a backlog is long so that its memory shows, a round trip is slow.
    pub(crate) fn messages(self, messages: u64) -> u64 {
        let share = match self {
            Self::Handle1 | Self::Handle16 => messages * 5,
            Self::Publish => messages / 2,
            Self::OneByOne | Self::Request => messages / 10,
            Self::Send | Self::EndToEnd => messages,
            Self::Transactions => return (messages / super::TRANSACTION).max(1) * super::TRANSACTION,
        };
        share.max(1)
    }

    /// Whether what counts is how long one message takes, and not how many go through.
    pub(crate) fn is_latency(self) -> bool {
        matches!(self, Self::OneByOne | Self::Request)
    }

    /// Whether messages wait when the run begins.
    pub(crate) fn has_backlog(self) -> bool {
        matches!(self, Self::Handle1 | Self::Handle16)
    }
}

#[cfg(test)]
mod tests {
    use super::Scenario;

    #[test]
    fn each_scenario_has_its_share_of_the_messages() {
        assert_eq!(
            Scenario::ALL.map(|it| it.messages(20_000)),
            [20_000, 2_000, 10_000, 20_000, 100_000, 100_000, 2_000, 20_000]
        );
        assert_eq!(Scenario::ALL.map(|it| it.messages(1)), [1, 1, 1, 100, 5, 5, 1, 1]);
    }
}
