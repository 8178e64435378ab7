use clap::Args;
use leveret::topology::{Layout, QueueOptions};

use crate::args::Common;

/// How the services of a fleet call and declare what they share, where it is not as by default.
#[derive(Debug, Args)]
pub(crate) struct LayoutArguments {
    /// The exchange of commands and replies
    #[arg(long, value_name = "EXCHANGE", default_value = "PikaBusDirect")]
    direct: String,
    /// The exchange of events
    #[arg(long, value_name = "EXCHANGE", default_value = "PikaBusTopic")]
    topic: String,
    /// The queues of endpoints are declared without arguments: `QueueOptions::plain()`
    #[arg(long)]
    plain: bool,
    /// The error queue is a quorum queue: `error_queue(QueueOptions::quorum())`
    #[arg(long)]
    quorum_error: bool,
}

impl LayoutArguments {
    /// With the error queue of the fleet.
    ///
    /// # Errors
    /// A sentence that names what is no name.
    pub(crate) fn layout(&self, common: &Common) -> Result<Layout, String> {
        let options = |plain: bool| if plain { QueueOptions::plain() } else { QueueOptions::quorum() };
        let layout = Layout::default()
            .direct_exchange(&self.direct)
            .topic_exchange(&self.topic)
            .queue(options(self.plain))
            .error_queue(options(!self.quorum_error))
            .error_queue_name(&common.queue);
        layout.check().map_err(|error| error.to_string())?;
        Ok(layout)
    }
}
