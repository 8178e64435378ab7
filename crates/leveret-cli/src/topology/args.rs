use clap::Args;
use leveret::{QueueOptions, topology::Layout};

use crate::{
    args::{Common, Source},
    layout::Exchanges,
};

#[derive(Debug, Args)]
pub(crate) struct Topology {
    #[command(flatten)]
    pub(super) source: Source,
    /// Only this endpoint
    #[arg(long, value_name = "NAME")]
    pub(super) endpoint: Option<String>,
    /// Compares with the broker, by its management API
    #[arg(long)]
    pub(super) live: bool,
    #[command(flatten)]
    exchanges: Exchanges,
    /// The queues of endpoints are declared without arguments: `QueueOptions::plain()`
    #[arg(long)]
    plain: bool,
    /// The error queue is a quorum queue: `error_queue(QueueOptions::quorum())`
    #[arg(long)]
    quorum_error: bool,
}

impl Topology {
    /// How the fleet calls and declares what its services share.
    pub(super) fn layout(&self, common: &Common) -> Result<Layout, String> {
        let mut layout = self.exchanges.layout(common)?;
        if self.plain {
            layout = layout.queue(QueueOptions::plain());
        }
        if self.quorum_error {
            layout = layout.error_queue(QueueOptions::quorum());
        }
        Ok(layout)
    }
}
