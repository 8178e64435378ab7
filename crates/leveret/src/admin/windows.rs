use std::sync::Arc;

use futures_util::future::join_all;

use super::AdminError;
use crate::transport::{Consumer, Incoming, Transport};

/// Goes through a queue in windows, each a consumer with a channel of its own. One that is mostly full of messages that
/// are held is asked for no more, and the next one opened: so there are never many messages under way at a time, and
/// all the same any number can be held.
#[derive(Debug)]
pub(super) struct Windows {
    transport: Arc<dyn Transport>,
    queue: String,
    width: u16,
    current: Option<Box<dyn Consumer>>,
    /// Asked to take no more.
    ending: bool,
    /// They only hold what is not settled.
    full: Vec<Box<dyn Consumer>>,
    /// How many are held in the current one.
    held: usize,
}

impl Windows {
    pub(super) async fn open(
        transport: &Arc<dyn Transport>,
        queue: &str,
        width: u16,
    ) -> Result<Self, AdminError> {
        let current = Some(transport.consume(queue, width).await?);
        let (transport, queue) = (transport.clone(), queue.to_owned());
        Ok(Self { transport, queue, width, current, ending: false, full: Vec::new(), held: 0 })
    }

    /// Opens the next window, if it is time. To be called before [`next`](Self::next), and not to be dropped half-way.
    pub(super) async fn advance(&mut self) -> Result<(), AdminError> {
        if !self.ending && self.held >= usize::from(self.width) * 3 / 4 {
            self.end().await;
        }
        if self.current.is_none() {
            self.current = Some(self.transport.consume(&self.queue, self.width).await?);
            (self.ending, self.held) = (false, 0);
        }
        Ok(())
    }

    /// Asks for no more; what has arrived still comes.
    pub(super) async fn end(&mut self) {
        self.ending = true;
        if let Some(current) = &mut self.current {
            current.cancel().await;
        }
    }

    /// The next message; `None` once the window has ended. Cancel safe.
    pub(super) async fn next(&mut self) -> Option<Incoming> {
        let incoming = self.current.as_mut()?.next().await;
        if incoming.is_none() {
            self.full.extend(self.current.take());
        }
        incoming
    }

    /// Whether it has ended without being asked: the transport is closed.
    pub(super) fn is_lost(&self) -> bool {
        self.current.is_none() && !self.ending
    }

    /// One more is held.
    pub(super) fn hold(&mut self) {
        self.held += 1;
    }

    /// Nothing is held any more: the connection is another one, and what was held comes again.
    pub(super) fn forget(&mut self) {
        self.held = 0;
        // Their channels are gone; they end by themselves.
        self.full.clear();
    }

    /// What is not settled goes back.
    pub(super) async fn close(self) {
        join_all(self.full.into_iter().chain(self.current).map(|window| window.close())).await;
    }
}
