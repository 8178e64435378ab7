use std::{
    future::pending,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, Sleep, sleep_until, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Processor,
    process::LONGEST_WAIT,
    runner::{Runner, run},
};
use crate::{
    deadline,
    transport::{Consumer, Incoming, Transport, TransportError, TransportErrorKind},
};

/// Takes messages out of an endpoint's queue, and lets them be processed, so many at a time: the handle.
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
    /// How many messages are taken out unsettled, which bounds those that wait.
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
        let (processor, stopping) = (self.processor.clone(), self.stopping.clone());
        let mut stopped = pin!(stopping.cancelled());
        // Far away while nobody waits.
        let mut overdue = pin!(sleep_until(deadline::in_future(LONGEST_WAIT)));
        loop {
            tokio::select! {
                () = &mut stopped => break,
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => break, // the bus is gone
                },
                () = processor.line().vacancy() => {}
                () = &mut overdue => self.return_overdue(overdue.as_mut()),
                message = next(&mut self.consumer) => match message {
                    Some(incoming) => self.line_up(incoming),
                    None => self.consumer = None, // the transport was closed under us
                },
            }
            self.begin();
        }
        self.drain().await;
    }

    /// Puts a message into the line, and those that have come with it.
    fn line_up(&mut self, first: Incoming) {
        let (line, now) = (self.processor.line(), Instant::now());
        line.push(first, now);
        // So many are out at once; by the time they are taken others may be.
        for _ in 1..self.prefetch {
            let Some(incoming) = self.consumer.as_mut().and_then(|consumer| consumer.try_next()) else {
                break;
            };
            line.push(incoming, now);
        }
    }

    /// Gives a task to each permit that there is a message for.
    fn begin(&self) {
        while let Some(errand) = self.processor.line().errand() {
            let (processor, draining) = (self.processor.clone(), self.draining.clone());
            let runner = Runner { processor, draining, aborting: self.aborting.clone() };
            self.tasks.spawn(run(runner, errand));
        }
    }

    /// Returns what has waited too long, and looks again when the next one may have.
    fn return_overdue(&self, overdue: Pin<&mut Sleep>) {
        let (line, now) = (self.processor.line(), Instant::now());
        if let Some(then) = now.checked_sub(LONGEST_WAIT) {
            line.return_until(then);
        }
        overdue.reset(deadline::after(line.oldest().unwrap_or(now), LONGEST_WAIT));
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

    async fn consume(&mut self) -> Result<(), TransportError> {
        if self.consumer.is_none() {
            self.consumer = Some(self.transport.consume(&self.queue, self.prefetch).await?);
            self.draining = CancellationToken::new();
            self.tasks.reopen();
            self.processor.line().open();
        }
        Ok(())
    }

    /// Stops taking, returns what has not started, lets the rest finish within the time limit, and gives up the
    /// consumer once everything is settled.
    async fn drain(&mut self) {
        let deadline = deadline::in_future(self.drain_timeout);
        self.processor.line().close();
        if let Some(consumer) = &mut self.consumer {
            consumer.cancel().await;
        }
        // Not before: what goes back must not come here again.
        self.draining.cancel();
        self.processor.line().clear();
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
