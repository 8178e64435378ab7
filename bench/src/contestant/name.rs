use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;

/// A contestant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Name {
    /// Leveret on RabbitMQ.
    Leveret,
    /// amqprs by hand.
    Amqprs,
    /// lapin by hand.
    Lapin,
    /// amqprs by hand, acknowledging every 50.
    AmqprsEvery50,
    /// lapin by hand, acknowledging every 50.
    LapinEvery50,
    /// Leveret on its broker in process.
    LeveretMemory,
}

impl Name {
    pub(crate) const ALL: [Self; 6] = [
        Self::Leveret,
        Self::Amqprs,
        Self::Lapin,
        Self::AmqprsEvery50,
        Self::LapinEvery50,
        Self::LeveretMemory,
    ];

    /// Its title in tables and charts.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Leveret => "Leveret",
            Self::Amqprs => "amqprs",
            Self::Lapin => "lapin",
            Self::AmqprsEvery50 => "amqprs, every 50",
            Self::LapinEvery50 => "lapin, every 50",
            Self::LeveretMemory => "Leveret, in memory",
        }
    }

    /// Whether it has something to show there. To acknowledge every 50 by hand is only safe in the order of arrival.
    pub(crate) fn takes_part(self, scenario: Scenario) -> bool {
        match self {
            Self::Leveret | Self::Amqprs | Self::Lapin => true,
            Self::AmqprsEvery50 | Self::LapinEvery50 => scenario == Scenario::Handle1,
            Self::LeveretMemory => scenario == Scenario::EndToEnd,
        }
    }
}
