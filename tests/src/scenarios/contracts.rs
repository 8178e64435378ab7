//! The contracts that most cases share, and the endpoints that handle them: a worker whose handlers are closures.

use std::{future::Future, pin::Pin, sync::Arc};

use leveret::{Context, HandlerError, Message, RetryPolicy, handler};
use serde::{Deserialize, Serialize};

/// A command without a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Message)]
#[message(command, endpoint = "worker")]
pub struct Work {
    /// Tells one from another.
    pub n: u32,
}

/// A command with a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Message)]
#[message(command, endpoint = "oracle", reply = Answer)]
pub struct Ask {
    /// Tells one from another.
    pub n: u32,
}

/// What [`Ask`] is answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Message)]
#[message(reply)]
pub struct Answer {
    /// The number of the question.
    pub n: u32,
}

/// A command for an endpoint that nobody started.
#[derive(Debug, Serialize, Deserialize, Message)]
#[message(command, endpoint = "nowhere", reply = Answer)]
pub struct Lost {
    /// Tells one from another.
    pub n: u32,
}

/// An event that must have a subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Message)]
#[message(event, topic = "things.done")]
pub struct Done {
    /// Tells one from another.
    pub n: u32,
}

/// An event that may have none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Message)]
#[message(event, topic = "things.heard", mandatory = false)]
pub struct Heard {
    /// Tells one from another.
    pub n: u32,
}

/// The future of a closure that handles a message.
pub type Handling<'a, T> = Pin<Box<dyn Future<Output = Result<T, HandlerError>> + Send + 'a>>;

type Handler<M, T> = Arc<dyn for<'a> Fn(M, &'a Context) -> Handling<'a, T> + Send + Sync>;

/// The endpoint `worker`, which does with [`Work`] what a case says.
#[derive(Clone)]
pub struct Worker(Handler<Work, ()>);

/// The endpoint `oracle`, which answers [`Ask`] as a case says.
#[derive(Clone)]
pub struct Oracle(Handler<Ask, Answer>);

/// The endpoint `listener`, subscribed to [`Done`] and [`Heard`], which does with their numbers what a case says.
#[derive(Clone)]
pub struct Listener(Handler<u32, ()>);

macro_rules! scripted {
    ($($name:ident, $message:ty, $result:ty;)*) => {$(
        impl $name {
            /// Handles as `handler` does.
            pub fn new(
                handler: impl for<'a> Fn($message, &'a Context) -> Handling<'a, $result> + Send + Sync + 'static,
            ) -> Self {
                Self(Arc::new(handler))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )*};
}
scripted! {
    Worker, Work, ();
    Oracle, Ask, Answer;
    Listener, u32, ();
}

#[handler(endpoint = "worker")]
impl Worker {
    #[handler]
    async fn work(&self, command: Work, ctx: &Context) -> Result<(), HandlerError> {
        (self.0)(command, ctx).await
    }
}

#[handler(endpoint = "oracle")]
impl Oracle {
    #[handler]
    async fn ask(&self, command: Ask, ctx: &Context) -> Result<Answer, HandlerError> {
        (self.0)(command, ctx).await
    }
}

#[handler(endpoint = "listener")]
impl Listener {
    #[handler]
    async fn done(&self, event: Done, ctx: &Context) -> Result<(), HandlerError> {
        (self.0)(event.n, ctx).await
    }

    #[handler(topic = "*.heard")]
    async fn heard(&self, event: Heard, ctx: &Context) -> Result<(), HandlerError> {
        (self.0)(event.n, ctx).await
    }
}

impl Oracle {
    /// Answers each question with its number.
    #[must_use]
    pub fn echo() -> Self {
        Self::new(|ask, _| Box::pin(async move { Ok(Answer { n: ask.n }) }))
    }
}

/// Retries without waiting.
#[must_use]
pub fn at_once(retries: u32) -> RetryPolicy {
    RetryPolicy::fixed(std::time::Duration::ZERO).max_retries(retries)
}
