use super::{Bus, BusError};

impl Bus {
    /// Runs until the process is asked to end (SIGINT or SIGTERM, Ctrl-C elsewhere), and shuts down.
    ///
    /// # Errors
    /// As [`shutdown`](Self::shutdown).
    pub async fn run_until_signal(&self) -> Result<(), BusError> {
        asked_to_end().await;
        tracing::info!("asked to end: shutting down");
        self.shutdown().await
    }
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};

    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }
        // Without handlers the process ends by the signal itself; what is unfinished is delivered again.
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
