use std::{future::pending, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout_at,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::Processor;
use crate::{
    deadline,
    transport::{Consumer, Incoming, Transport, TransportError, TransportErrorKind},
};

/// Takes messages out of an endpoint's queue, and lets each be processed in a task of its own: the handle.
#[derive(Debug)]
pub(crate) struct Pump {
    commands: mpsc::Sender<Command>,
    task: TaskTracker,
}

/// What a [`Pump`] works with.
#[derive(Debug)]
pub(crate) struct PumpOptions {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) queue: String,
    /// How many messages are taken out unsettled, which bounds the tasks.
    pub(crate) prefetch: u16,
    pub(crate) processor: Processor,
    /// Ends the pump.
    pub(crate) stopping: CancellationToken,
    /// How long running handlers may take to finish once the pump is stopped or paused.
    pub(crate) drain_timeout: Duration,
}

enum Command {
    Pause(oneshot::Sender<Result<(), TransportError>>),
    Resume(oneshot::Sender<Result<(), TransportError>>),
}

impl Pump {
    /// Starts consuming, and returns once the broker delivers.
    pub(crate) async fn start(options: PumpOptions) -> Result<Self, TransportError> {
        let consumer = options.transport.consume(&options.queue, options.prefetch).await?;
        let (commands, received) = mpsc::channel(1);
        let worker = Worker {
            processor: Arc::new(options.processor),
            transport: options.transport,
            queue: options.queue,
            prefetch: options.prefetch,
            stopping: options.stopping,
            drain_timeout: options.drain_timeout,
            consumer: Some(consumer),
            draining: CancellationToken::new(),
            aborting: CancellationToken::new(),
            tasks: TaskTracker::new(),
        };
        let task = TaskTracker::new();
        task.spawn(worker.run(received));
        task.close();
        Ok(Self { commands, task })
    }

    /// Stops taking messages, lets running handlers finish, and settles them. Pausing twice is no error.
    pub(crate) async fn pause(&self) -> Result<(), TransportError> {
        self.ask(Command::Pause).await
    }

    /// Starts taking messages again. Resuming what runs is no error.
    pub(crate) async fn resume(&self) -> Result<(), TransportError> {
        self.ask(Command::Resume).await
    }

    /// Waits for the end of the pump, which `stopping` asked for. Cancel safe.
    pub(crate) async fn join(&self) {
        self.task.wait().await;
    }

    async fn ask(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<(), TransportError>>) -> Command,
    ) -> Result<(), TransportError> {
        let (reply, answer) = oneshot::channel();
        let closed = || TransportError::from(TransportErrorKind::Closed);
        self.commands.send(command(reply)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

/// The task behind a [`Pump`], which owns its consumer and the messages in process.
struct Worker {
    processor: Arc<Processor>,
    transport: Arc<dyn Transport>,
    queue: String,
    prefetch: u16,
    stopping: CancellationToken,
    drain_timeout: Duration,
    consumer: Option<Box<dyn Consumer>>,
    /// Tells the messages of this consumer that none of them may begin any more.
    draining: CancellationToken,
    /// Ends the messages in process as they are.
    aborting: CancellationToken,
    /// Nobody is woken by the end of each: only a drain waits, for the end of all.
    tasks: TaskTracker,
}

impl Worker {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            tokio::select! {
                () = self.stopping.cancelled() => break,
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => break, // the bus is gone
                },
                message = next(&mut self.consumer) => match message {
                    Some(incoming) => self.process(incoming),
                    None => self.consumer = None, // the transport was closed under us
                },
            }
        }
        self.drain().await;
    }

    /// Whoever asked may be gone when it is done.
    async fn obey(&mut self, command: Command) {
        match command {
            Command::Pause(reply) => {
                self.drain().await;
                let _ = reply.send(Ok(()));
            }
            Command::Resume(reply) => {
                let _ = reply.send(self.consume().await);
            }
        }
    }

    fn process(&mut self, incoming: Incoming) {
        let (processor, draining) = (self.processor.clone(), self.draining.clone());
        let (place, aborting) = (processor.line_up(), self.aborting.clone());
        self.tasks.spawn(async move {
            let processed = aborting.run_until_cancelled(processor.process(incoming, place, draining));
            if AssertUnwindSafe(processed).catch_unwind().await.is_err() {
                // The message was dropped unsettled, so the broker delivers it again.
                tracing::error!("processing a message ended abnormally");
            }
        });
    }

    async fn consume(&mut self) -> Result<(), TransportError> {
        if self.consumer.is_none() {
            self.consumer = Some(self.transport.consume(&self.queue, self.prefetch).await?);
            self.draining = CancellationToken::new();
            self.tasks.reopen();
        }
        Ok(())
    }

    /// Stops taking, returns what has not started, lets the rest finish within the time limit, and gives up the
    /// consumer once everything is settled.
    async fn drain(&mut self) {
        let deadline = deadline::in_future(self.drain_timeout);
        if let Some(consumer) = &mut self.consumer {
            consumer.cancel().await;
        }
        // Not before: what goes back must not come here again.
        self.draining.cancel();
        if let Some(consumer) = &mut self.consumer {
            // Dropped unsettled, they go back to the queue.
            while let Ok(Some(_)) = timeout_at(deadline, consumer.next()).await {}
        }
        self.tasks.close();
        if timeout_at(deadline, self.tasks.wait()).await.is_err() {
            tracing::warn!(
                handlers = self.tasks.len(),
                "handlers did not finish in time; the broker delivers their messages again"
            );
            self.aborting.cancel();
            self.tasks.wait().await;
            self.aborting = CancellationToken::new();
        }
        if let Some(consumer) = self.consumer.take() {
            consumer.close().await;
        }
    }
}

async fn next(consumer: &mut Option<Box<dyn Consumer>>) -> Option<Incoming> {
    match consumer {
        Some(consumer) => consumer.next().await,
        None => pending().await,
    }
}
