use tokio_util::sync::CancellationToken;

/// The steps of the shutdown, in the order that hazard H9 asks for.
#[derive(Clone, Default)]
pub(super) struct Stages {
    /// Nothing new is accepted.
    pub(super) closing: CancellationToken,
    /// What was accepted for publishing is finished.
    pub(super) drain: CancellationToken,
    /// Publishing ends as it is.
    pub(super) stop_publishing: CancellationToken,
    /// Consumers settle what is settled, and end.
    pub(super) stop_consuming: CancellationToken,
    /// The connections are closed.
    pub(super) disconnect: CancellationToken,
}

impl Stages {
    /// Goes through all that are left at once.
    pub(super) fn cancel_all(&self) {
        let Self { closing, drain, stop_publishing, stop_consuming, disconnect } = self;
        for stage in [closing, drain, stop_publishing, stop_consuming, disconnect] {
            stage.cancel();
        }
    }
}
