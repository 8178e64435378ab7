use std::time::Duration;

use tokio::sync::watch;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the broker.
    ToBroker,
    /// From the broker to the client.
    ToClient,
}

impl Direction {
    /// Both ways.
    pub const BOTH: [Self; 2] = [Self::ToBroker, Self::ToClient];
}

/// How the network is.
#[derive(Debug, Clone, Default)]
pub(super) struct Conditions {
    /// New connections are closed at once.
    pub(super) refusing: bool,
    /// Nothing arrives there, and nobody is told.
    pub(super) silent: Vec<Direction>,
    /// How long each byte is on its way, each way.
    pub(super) latency: Duration,
    /// Bytes a second, of each connection and each way.
    pub(super) throughput: Option<u32>,
    /// How often the open connections were ended, and how they were the last time.
    pub(super) ended: (u64, Manner),
}

/// How a connection is ended.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Manner {
    /// As by a peer that says goodbye (FIN).
    #[default]
    Closed,
    /// As by a peer that knows nothing of it (RST).
    Reset,
}

/// What a connection sees of the network.
pub(super) type Weather = watch::Receiver<Conditions>;

/// How long a piece of `bytes` keeps the line busy.
pub(super) fn busy(weather: &Weather, bytes: usize) -> Duration {
    weather
        .borrow()
        .throughput
        .map_or(Duration::ZERO, |rate| Duration::from_secs_f64(bytes as f64 / f64::from(rate)))
}
