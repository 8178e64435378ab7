use clap::Args;
use leveret::topology::Layout;

use crate::args::Common;

/// The exchanges of a fleet, where they are not called as by default.
#[derive(Debug, Args)]
pub(crate) struct Exchanges {
    /// The exchange of commands and replies
    #[arg(long, value_name = "EXCHANGE", default_value = "PikaBusDirect")]
    pub(crate) direct: String,
    /// The exchange of events
    #[arg(long, value_name = "EXCHANGE", default_value = "PikaBusTopic")]
    pub(crate) topic: String,
}

impl Exchanges {
    /// With the error queue of the fleet.
    ///
    /// # Errors
    /// A sentence that names what is no name.
    pub(crate) fn layout(&self, common: &Common) -> Result<Layout, String> {
        let layout = Layout::default()
            .direct_exchange(&self.direct)
            .topic_exchange(&self.topic)
            .error_queue_name(&common.queue);
        layout.check().map_err(|error| error.to_string())?;
        Ok(layout)
    }
}
