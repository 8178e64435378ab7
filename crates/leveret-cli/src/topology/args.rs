use clap::Args;

use crate::{args::Source, layout::LayoutArguments};

#[derive(Debug, Args)]
pub(crate) struct Topology {
    #[command(flatten)]
    pub(super) source: Source,
    #[command(flatten)]
    pub(super) layout: LayoutArguments,
    /// Only this endpoint
    #[arg(long, value_name = "NAME")]
    pub(super) endpoint: Option<String>,
    /// Compares with the broker, by its management API
    #[arg(long)]
    pub(super) live: bool,
}
