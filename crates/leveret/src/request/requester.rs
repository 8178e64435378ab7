use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout_at};
use tokio_util::sync::CancellationToken;

use super::{
    RequestError, RequestErrorKind,
    builder::Parts,
    pending::Pending,
    replies::{Replies, Worker},
};
use crate::{
    deadline,
    envelope::Received,
    headers::Text,
    message::Raw,
    publish::{Outlet, SendError},
    telemetry::Counters,
    topology::{self, Topology},
    transport::Transport,
};

/// How long a reply queue lives when nobody uses it (design §2).
const REPLY_QUEUE_EXPIRES: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest that RabbitMQ lets an unused queue live: it counts milliseconds in 32 bits.
const LONGEST_EXPIRES: Duration = Duration::from_millis(u32::MAX as u64);

/// Makes requests, and finds for each reply the request that it answers.
#[derive(Debug)]
pub(crate) struct Requester {
    options: RequesterOptions,
    queue: Arc<str>,
    pending: Arc<Mutex<Pending<Waiter>>>,
    /// Set up with the first request: a bus that makes none has no reply queue.
    replies: Mutex<Option<Replies>>,
    closing: CancellationToken,
}

/// What a [`Requester`] works with.
#[derive(Debug)]
pub(crate) struct RequesterOptions {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) outlet: Arc<Outlet>,
    pub(crate) counters: Arc<Counters>,
    /// `<endpoint>.replies.<instance>`
    pub(crate) queue: String,
    pub(crate) timeout: Duration,
    pub(crate) declare: bool,
}

/// Wakes a request with its reply.
pub(super) type Waiter = oneshot::Sender<Arc<Received>>;

impl Requester {
    pub(crate) fn new(options: RequesterOptions) -> Self {
        let queue = options.queue.as_str().into();
        let pending = Arc::new(Mutex::new(Pending::new()));
        Self { options, queue, pending, replies: Mutex::new(None), closing: CancellationToken::new() }
    }

    pub(super) async fn request<R>(&self, parts: Parts<'_, R>) -> Result<R, RequestError> {
        let limit = self.expires();
        let timeout = parts.timeout.unwrap_or(self.options.timeout.min(limit));
        if timeout > limit {
            return Err(RequestErrorKind::TimeoutTooLong { timeout, limit }.into());
        }
        let deadline = deadline::in_future(timeout);
        let timed_out = |_| RequestError::new(RequestErrorKind::TimedOut { after: timeout });
        timeout_at(deadline, self.ready()).await.map_err(timed_out)??;
        let settings = parts.writer.settings();
        let inherited = parts.writer.inherited();
        let prepared = parts.draft.request(self.queue.clone().into()).finish(settings, inherited.as_ref());
        let prepared = prepared.map_err(send_error)?;
        let (waiter, reply) = oneshot::channel();
        // Before it is sent: the reply may be quicker than the confirm.
        let mut waiting = Waiting::new(self, prepared.message_id.clone(), waiter);
        waiting.sent = true; // until it is known that it was not
        let answered = async {
            self.options.outlet.sink.accept(prepared).await.map_err(|error| {
                waiting.sent = may_have_arrived(&error);
                send_error(error)
            })?;
            reply.await.map_err(|_| RequestError::new(RequestErrorKind::Closed))
        };
        let received = timeout_at(deadline, answered).await.map_err(timed_out)??;
        let raw = Raw { received: &received, names: &settings.names, codec: &*settings.codec };
        (parts.decode)(raw).map_err(|error| RequestError::with_source(RequestErrorKind::Undecodable, error))
    }

    /// Ends all waiting, and deletes the reply queue if every request has its answer.
    pub(crate) async fn close(&self) {
        self.closing.cancel();
        let all_answered = {
            let mut pending = self.pending();
            let all_answered = pending.all_answered();
            pending.close();
            all_answered
        };
        let ended = self.replies.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Replies::join);
        let Some(ended) = ended else { return };
        ended.await;
        if !(all_answered && self.options.declare) {
            return;
        }
        if let Err(error) = self.options.transport.delete_queue(&self.queue).await {
            tracing::debug!(queue = %self.queue, %error, "the reply queue is left to expire");
        }
    }

    /// Waits until replies can come. The first request sets that up, and the next one after a failure tries again.
    async fn ready(&self) -> Result<(), RequestError> {
        let ready = {
            let mut replies = self.replies.lock().unwrap_or_else(PoisonError::into_inner);
            if self.closing.is_cancelled() {
                return Err(RequestErrorKind::Closed.into());
            }
            if replies.as_ref().is_none_or(Replies::has_failed) {
                *replies = None;
            }
            replies.get_or_insert_with(|| Replies::start(self.replies_worker())).ready()
        };
        ready.await.map_err(|kind| RequestErrorKind::ReplyQueue(kind).into())
    }

    fn replies_worker(&self) -> Worker {
        let RequesterOptions { transport, outlet, counters, declare, .. } = &self.options;
        let settings = &outlet.settings;
        let topology = if *declare {
            topology::reply_queue(&self.queue, self.expires(), &settings.exchanges)
        } else {
            Topology::default()
        };
        Worker {
            transport: transport.clone(),
            queue: self.queue.clone(),
            topology,
            pending: self.pending.clone(),
            names: settings.names.clone(),
            counters: counters.clone(),
            closing: self.closing.clone(),
        }
    }

    fn expires(&self) -> Duration {
        REPLY_QUEUE_EXPIRES.max(self.options.timeout).min(LONGEST_EXPIRES)
    }

    fn pending(&self) -> MutexGuard<'_, Pending<Waiter>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the task that takes replies, where the bus was dropped without a shutdown.
impl Drop for Requester {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

/// A request in the table of those that wait. Gives up when it is dropped before its reply came.
struct Waiting<'a> {
    requester: &'a Requester,
    id: Text,
    sent: bool,
}

impl<'a> Waiting<'a> {
    fn new(requester: &'a Requester, id: Text, waiter: Waiter) -> Self {
        requester.pending().wait(id.clone(), waiter);
        Self { requester, id, sent: false }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.requester.pending().give_up(&self.id, self.sent);
    }
}

fn send_error(error: SendError) -> RequestError {
    error.map(RequestErrorKind::Send)
}

fn may_have_arrived(error: &SendError) -> bool {
    use crate::{publish::SendErrorKind, transport::PublishErrorKind};
    matches!(error.kind(), SendErrorKind::Broker(PublishErrorKind::Unknown { .. }))
}
