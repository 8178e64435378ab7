use std::sync::LazyLock;

use leveret::{
    Context, HandlerError,
    envelope::{Facts, Names, Received},
    headers::Value as Header,
};
use serde_json::Value;
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

use crate::site::PATIENCE;

static NAMES: LazyLock<Names> = LazyLock::new(Names::default);

/// Inside a service: tells the test what its handlers are given, and lets them fail or wait as the test wants.
#[derive(Debug)]
pub(crate) struct Probe {
    heard: mpsc::Sender<Heard>,
    failures: u32,
    gate: watch::Receiver<bool>,
}

/// The test's end of a [`Probe`].
#[derive(Debug)]
pub(crate) struct Listener {
    heard: mpsc::Receiver<Heard>,
    gate: watch::Sender<bool>,
}

/// A message that a handler was given.
#[derive(Debug)]
pub(crate) struct Heard {
    /// The handler's method.
    pub(crate) handler: &'static str,
    pub(crate) attempt: u32,
    pub(crate) received: Received,
}

/// A probe whose handlers succeed at once.
pub(crate) fn probe() -> (Probe, Listener) {
    let (sender, heard) = mpsc::channel(1000);
    let (open, gate) = watch::channel(true);
    (Probe { heard: sender, failures: 0, gate }, Listener { heard, gate: open })
}

impl Probe {
    /// Each message fails this often before it succeeds.
    pub(crate) fn failing(self, failures: u32) -> Self {
        Self { failures, ..self }
    }

    /// To be called by each handler, first.
    pub(crate) async fn hear(&self, handler: &'static str, ctx: &Context) -> Result<(), HandlerError> {
        let heard = Heard { handler, attempt: ctx.attempt(), received: ctx.received().clone() };
        let _ = self.heard.send(heard).await; // the test may be over
        let _ = self.gate.clone().wait_for(|open| *open).await;
        if ctx.attempt() <= self.failures { Err("the Rust handler fails".into()) } else { Ok(()) }
    }
}

impl Listener {
    /// Lets all handlers wait, until `open`.
    pub(crate) fn close_gate(&self) {
        self.gate.send_replace(false);
    }

    pub(crate) fn open_gate(&self) {
        self.gate.send_replace(true);
    }

    /// The next message that a handler is given.
    pub(crate) async fn next(&mut self) -> Heard {
        timeout(PATIENCE, self.heard.recv()).await.expect("Rust handles nothing").expect("the bus has ended")
    }

    /// Nothing more was given to a handler by now.
    pub(crate) fn assert_idle(&mut self) {
        assert!(self.heard.try_recv().is_err());
    }
}

impl Heard {
    pub(crate) fn facts(&self) -> Facts<'_> {
        self.received.facts(&NAMES)
    }

    pub(crate) fn body(&self) -> Value {
        serde_json::from_slice(&self.received.envelope.body).unwrap()
    }

    /// A header as text; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> String {
        let value = self.received.envelope.headers.get(name);
        value.and_then(Header::to_text).unwrap_or_default()
    }
}
