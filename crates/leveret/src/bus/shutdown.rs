use super::{Bus, BusError, Core};

impl Bus {
    /// Stops taking messages, lets handlers finish within the `shutdown_timeout`, waits for what they sent to be
    /// confirmed, acknowledges, and closes. What did not finish is delivered again by the broker.
    ///
    /// All clones of the bus are shut down. A handler that awaits it waits for itself, until the time limit: let it tell
    /// somebody else to shut down. Calling it twice is no error: the second call waits for the first. Dropping
    /// the future half-way leaves the rest to the next call.
    ///
    /// # Errors
    /// None today: what could not be done in time is logged, and the broker delivers it again.
    pub async fn shutdown(&self) -> Result<(), BusError> {
        self.core.ended.get_or_init(|| self.core.end()).await;
        Ok(())
    }
}

impl Core {
    async fn end(&self) {
        self.stopping.cancel();
        if let Some(endpoint) = &self.endpoint {
            endpoint.pump.join().await;
        }
        self.services.requester.close().await;
        self.transport.close(self.shutdown_timeout).await;
    }
}

/// A bus that is dropped without [`Bus::shutdown`] stops as well: its tasks end by themselves, unawaited.
impl Drop for Core {
    fn drop(&mut self) {
        if !self.ended.initialized() {
            tracing::warn!("a bus was dropped without `shutdown`: nobody waits for its handlers");
            self.stopping.cancel();
        }
    }
}
