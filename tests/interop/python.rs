use std::{path::Path, process::Stdio};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command},
    sync::mpsc::{Receiver, Sender, channel, error::TryRecvError},
    time::timeout,
};

use crate::site::PATIENCE;

/// More lines than any test causes; a service that loops waits here.
const CAPACITY: usize = 1000;

/// How many lines of PikaBus' log are shown: several failures with their tracebacks.
const LOGGED: usize = 300;

/// A Python service at work: `python/service.py`. Killed on drop.
#[derive(Debug)]
pub(crate) struct Python {
    _process: Child,
    orders: ChildStdin,
    answers: Receiver<Value>,
    handled: Receiver<Value>,
}

/// What Python says when it cannot do something.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) String);

impl Python {
    pub(crate) async fn start(python: &Path, url: &str, options: Value) -> Result<Self, Refused> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/python/service.py");
        let mut process = Command::new(python)
            .arg(program)
            .args([url, &options.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let orders = process.stdin.take().unwrap();
        let (answer, answers) = channel(CAPACITY);
        let (handle, handled) = channel(CAPACITY);
        tokio::spawn(sort(BufReader::new(process.stdout.take().unwrap()).lines(), answer, handle));
        tokio::spawn(echo(BufReader::new(process.stderr.take().unwrap()).lines()));
        let mut service = Self { _process: process, orders, answers, handled };
        service.answer().await?;
        Ok(service)
    }

    /// Lets it do something, and waits until it is done. `service.py` tells the orders.
    pub(crate) async fn order(&mut self, order: Value) {
        self.orders.write_all(format!("{order}\n").as_bytes()).await.unwrap();
        self.answer().await.unwrap();
    }

    /// Opens the gate at which its handler waits.
    pub(crate) async fn go(&mut self) {
        self.order(json!({"do": "go"})).await;
    }

    /// The next message that its handler was given: `payload`, `headers`, `properties`, `time_sent`.
    pub(crate) async fn handled(&mut self) -> Value {
        timeout(PATIENCE, self.handled.recv())
            .await
            .expect("Python handles nothing")
            .expect("Python has ended")
    }

    /// Nothing more was given to its handler by now.
    pub(crate) fn assert_idle(&mut self) {
        assert_eq!(self.handled.try_recv(), Err(TryRecvError::Empty));
    }

    /// The end of what it was ordered to do.
    async fn answer(&mut self) -> Result<(), Refused> {
        let answer = timeout(PATIENCE, self.answers.recv()).await.expect("Python is silent");
        let answer = answer.expect("Python has ended");
        if answer["event"] == "done" { Ok(()) } else { Err(Refused(answer["reason"].to_string())) }
    }
}

/// Tells what its handler was given from how it answers orders.
async fn sort(mut lines: Lines<BufReader<ChildStdout>>, answers: Sender<Value>, handled: Sender<Value>) {
    while let Ok(Some(line)) = lines.next_line().await {
        let report: Value = serde_json::from_str(&line).unwrap();
        let reader = if report["event"] == "handled" { &handled } else { &answers };
        if reader.send(report).await.is_err() {
            return; // the test is over
        }
    }
}

/// The beginning of what PikaBus logs, to be shown when the test fails. The rest is read too, lest PikaBus should wait.
async fn echo(mut lines: Lines<BufReader<ChildStderr>>) {
    let mut shown = 0;
    while let Ok(Some(line)) = lines.next_line().await {
        if shown < LOGGED {
            eprintln!("python: {line}");
        }
        shown += 1;
    }
}
