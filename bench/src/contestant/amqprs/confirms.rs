use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use amqprs::{
    Ack, BasicProperties, Cancel, CloseChannel, Nack, Return, callbacks::ChannelCallback, channel::Channel,
    error::Error,
};
use async_trait::async_trait;
use tokio::sync::{Semaphore, oneshot};

use crate::outcome::Outcome;

/// Who waits for a confirm, if anybody does.
type Waiting = Option<oneshot::Sender<()>>;

/// What is published and not confirmed yet, by delivery tag. Each holds a permit of the window.
#[derive(Debug)]
pub(super) struct Confirms {
    pending: Mutex<BTreeMap<u64, Waiting>>,
    pub(super) window: Semaphore,
    failed: AtomicU64,
}

impl Confirms {
    pub(super) fn new(window: usize) -> Self {
        Self { pending: Mutex::default(), window: Semaphore::new(window), failed: AtomicU64::new(0) }
    }

    /// Before it is published: the confirm may come at once.
    pub(super) fn expect(&self, tag: u64, waiting: Waiting) {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).insert(tag, waiting);
    }

    fn settle(&self, tag: u64, multiple: bool) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let settled: Vec<Waiting> = if multiple {
            let later = pending.split_off(&(tag + 1));
            std::mem::replace(&mut *pending, later).into_values().collect()
        } else {
            pending.remove(&tag).into_iter().collect()
        };
        drop(pending);
        self.window.add_permits(settled.len());
        for waiting in settled.into_iter().flatten() {
            let _ = waiting.send(());
        }
    }

    fn fail(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }

    /// # Errors
    /// When the broker has returned or refused a message.
    pub(super) fn check(&self) -> Outcome {
        match self.failed.load(Ordering::Relaxed) {
            0 => Ok(()),
            failed => Err(format!("the broker returned or refused {failed} messages").into()),
        }
    }
}

/// Hears what the broker says on the channel.
pub(super) struct Listener(pub(super) Arc<Confirms>);

impl Drop for Listener {
    /// The channel is gone, and no confirm comes any more: lets nobody wait for one.
    fn drop(&mut self) {
        self.0.window.close();
        self.0.settle(u64::MAX - 1, true);
    }
}

#[async_trait]
impl ChannelCallback for Listener {
    async fn close(&mut self, _: &Channel, close: CloseChannel) -> Result<(), Error> {
        eprintln!("amqprs: the broker closed the channel: {}", close.reply_text());
        self.0.fail();
        Ok(())
    }

    async fn cancel(&mut self, _: &Channel, _: Cancel) -> Result<(), Error> {
        Ok(())
    }

    async fn flow(&mut self, _: &Channel, active: bool) -> Result<bool, Error> {
        Ok(active)
    }

    async fn publish_ack(&mut self, _: &Channel, ack: Ack) {
        self.0.settle(ack.delivery_tag(), ack.mutiple());
    }

    async fn publish_nack(&mut self, _: &Channel, nack: Nack) {
        self.0.fail();
        self.0.settle(nack.delivery_tag(), nack.multiple());
    }

    async fn publish_return(&mut self, _: &Channel, _: Return, _: BasicProperties, _: Vec<u8>) {
        self.0.fail(); // its confirm follows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acks_give_permits_back_one_by_one_and_in_prefixes() {
        let confirms = Confirms::new(0);
        let (waiting, mut confirmed) = oneshot::channel();
        for tag in 1..=4 {
            confirms.expect(tag, None);
        }
        confirms.expect(5, Some(waiting));
        confirms.settle(2, false);
        assert_eq!(confirms.window.available_permits(), 1);
        confirms.settle(4, true);
        assert_eq!(confirms.window.available_permits(), 4);
        confirms.settle(4, false); // nothing that waits
        assert!(confirmed.try_recv().is_err());
        confirms.settle(5, false);
        assert!(confirmed.try_recv().is_ok());
        assert_eq!(confirms.window.available_permits(), 5);
    }

    #[test]
    fn what_fails_shows() {
        let confirms = Confirms::new(1);
        assert!(confirms.check().is_ok());
        confirms.fail();
        assert!(confirms.check().is_err());
    }
}
