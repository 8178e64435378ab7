use std::{
    future::Future,
    sync::{Arc, OnceLock},
};

use amqprs::{channel::Channel as Raw, error::Error};
use tokio::runtime::Handle;

use super::{
    callbacks::{Ears, OnChannel},
    connection::Link,
    rpc::{NoResult, RPC_TIMEOUT, shielded},
    trouble::{ServerClose, Trouble},
};

/// One AMQP channel. It has one owner, whose calls come one after the other (hazard H3).
pub(super) struct Channel {
    /// `None` only while it is being dropped.
    raw: Option<Raw>,
    close: Arc<OnceLock<ServerClose>>,
    link: Arc<Link>,
}

impl Channel {
    /// Opens a channel on which nothing is heard but answers.
    pub(super) async fn open(link: &Arc<Link>) -> Result<Self, Trouble> {
        Self::listening(link, Ears::default()).await
    }

    /// Opens a channel.
    pub(super) async fn listening(link: &Arc<Link>, ears: Ears) -> Result<Self, Trouble> {
        let close = Arc::new(OnceLock::new());
        let callback = OnChannel { ears, close: close.clone(), life: link.life().clone() };
        let connection = link.connection()?;
        let opened = shielded(link.tasks(), RPC_TIMEOUT, async move {
            // Never with an id of our own: amqprs would index out of bounds (hazard H6).
            let channel = connection.open_channel(None).await?;
            channel.register_callback(callback).await?;
            Ok(channel)
        });
        let raw = answered(link, &close, unless_ended(link, opened).await)?;
        Ok(Self { raw: Some(raw), close, link: link.clone() })
    }

    /// Asks the broker something.
    pub(super) async fn call<T, F>(&self, ask: impl FnOnce(Raw) -> F + Send) -> Result<T, Trouble>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let raw = self.raw()?.clone();
        let asked = shielded(self.link.tasks(), RPC_TIMEOUT, ask(raw));
        answered(&self.link, &self.close, unless_ended(&self.link, asked).await)
    }

    /// The channel for what needs no answer: publishes and acks. amqprs would accept them on a channel that the broker
    /// has closed, and cost us the connection (hazard H8).
    pub(super) fn raw(&self) -> Result<&Raw, Trouble> {
        self.raw.as_ref().filter(|raw| raw.is_open() && !self.link.is_ended()).ok_or_else(|| self.trouble())
    }

    /// Why the channel is of no use any more.
    pub(super) fn trouble(&self) -> Trouble {
        trouble(&self.link, &self.close)
    }

    pub(super) fn link(&self) -> &Arc<Link> {
        &self.link
    }

    /// Closes it in order. What comes of it does not matter: the broker closes it with the connection at the latest.
    pub(super) async fn close(mut self) {
        if let Some(raw) = self.raw.take()
            && raw.is_open()
            && let Err(NoResult::Late) = shielded(self.link.tasks(), RPC_TIMEOUT, raw.close()).await
        {
            self.link.end("the broker did not close a channel within 10 s");
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        // amqprs closes a dropped channel in a task, and panics where there is no runtime for it (hazard H10).
        if Handle::try_current().is_err() {
            std::mem::forget(self.raw.take());
        }
    }
}

fn trouble(link: &Link, close: &OnceLock<ServerClose>) -> Trouble {
    match close.get() {
        Some(close) => Trouble::Closed(close.clone()),
        None => Trouble::Lost(link.reason()),
    }
}

/// Stops waiting for an answer that cannot come any more; the call goes on by itself.
async fn unless_ended<T>(
    link: &Link,
    call: impl Future<Output = Result<T, NoResult>>,
) -> Result<T, NoResult> {
    tokio::select! {
        biased;
        result = call => result,
        () = link.ended() => Err(NoResult::Late),
    }
}

fn answered<T>(
    link: &Link,
    close: &OnceLock<ServerClose>,
    answer: Result<Result<T, Error>, NoResult>,
) -> Result<T, Trouble> {
    match answer {
        Ok(Ok(value)) => Ok(value),
        // The kind of error says nothing that can be relied on (hazard H27). If the broker has not closed the channel,
        // then the connection is dying, or is a zombie that must die (hazard H1).
        Ok(Err(_)) | Err(NoResult::Panicked) => {
            if close.get().is_none() {
                link.end("the connection was lost");
            }
            Err(trouble(link, close))
        }
        Err(NoResult::Late) => {
            link.end("the broker did not answer within 10 s");
            Err(Trouble::Lost(link.reason()))
        }
    }
}
