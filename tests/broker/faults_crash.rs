//! The process of a handler dies, in the middle of it.

use std::{process::Stdio, sync::Arc};

use leveret::{Bus, topology::QueueOptions};
use leveret_tests::{
    broker::{Broker, VirtualHost},
    ledger::Ledger,
    scenarios::contracts::{Work, Worker},
};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::{
    amqp_support::{PATIENCE, until},
    faults_support::kinds,
};

/// The number of which a child dies.
const POISON: u32 = 13;

/// `mortal`, the endpoint `worker` in a process of its own. Killed when dropped.
struct Mortal {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Mortal {
    fn start(vhost: &VirtualHost) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_mortal"))
            .arg(vhost.url())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, said }
    }

    /// What it says next: a word and a number. `None` when it has died.
    async fn says(&mut self) -> Option<(String, u32)> {
        let line = timeout(PATIENCE, self.said.next_line()).await.expect("a sign of life").unwrap()?;
        let (word, n) = line.split_once(' ').unwrap();
        Some((word.to_owned(), n.parse().unwrap()))
    }
}

/// A worker in this process.
fn twin(ledger: &Arc<Ledger>) -> Worker {
    let ledger = ledger.clone();
    Worker::new(move |work, _| {
        ledger.handles(work.n.into());
        Box::pin(async { Ok(()) })
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_process_has_begun_is_handled_by_its_twin() {
    for queue in [QueueOptions::quorum(), QueueOptions::plain()] {
        let (vhost, ledger) = (Broker::shared().await.vhost().await, Arc::new(Ledger::default()));
        let builder = || Bus::builder(vhost.url()).queue(queue.clone().adopt());
        // Declares the queue, and leaves it to the other process.
        builder().endpoint(twin(&ledger)).start().await.unwrap().shutdown().await.unwrap();
        let mut mortal = Mortal::start(&vhost);
        let sender = builder().start().await.unwrap();
        ledger.send(0, sender.send(Work { n: 0 })).await.unwrap();
        assert_eq!(mortal.says().await, Some(("begins".to_owned(), 0)));
        mortal.process.kill().await.unwrap();
        let bus = builder().endpoint(twin(&ledger)).start().await.unwrap();
        assert_eq!(ledger.balances().await.duplicates, 0);
        bus.shutdown().await.unwrap();
        sender.shutdown().await.unwrap();
    }
}

/// A quorum queue counts by itself how often it has taken a message back; on a plain one, copies do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_kills_its_process_ends_in_error_and_no_other_does() {
    for (kind, queue) in kinds() {
        let vhost = Broker::shared().await.vhost().await;
        let (worker, ledger) = (twin(&Arc::default()), Ledger::default());
        let declaring = Bus::builder(vhost.url()).queue(queue).endpoint(worker).start().await.unwrap();
        declaring.shutdown().await.unwrap();
        let sender = Bus::builder(vhost.url()).start().await.unwrap();
        for n in 1..=101 {
            if n == POISON {
                sender.send(Work { n }).await.unwrap();
            } else {
                ledger.send(n.into(), sender.send(Work { n })).await.unwrap();
            }
        }
        let deaths = crash_loop(&vhost, &sender, &ledger).await;
        let balance = ledger.balances().await;
        println!("{kind}: {deaths} processes, {balance:?}");
        assert_eq!(balance.handled, 100);
        let pulled = sender.get("error").await.unwrap().unwrap().ack();
        assert_eq!(pulled.json::<Work>().unwrap(), Work { n: POISON });
        assert!(sender.get("error").await.unwrap().is_none(), "{kind}: the others are innocent");
        let headers = pulled.headers();
        if kind == "classic" {
            let details = headers.text("PikaBus.ErrorDetails").unwrap();
            assert!(details.contains("taken the message back 20 times"), "{details}");
            assert_eq!(headers.text("PikaBus.SourceQueue"), Some("worker"));
        }
        assert_eq!(headers.get("PikaBus.Redeliveries"), None);
        sender.shutdown().await.unwrap();
    }
}

/// Starts the process again and again, until the message that it dies of is in `error` and all others are handled. Says
/// how often it has died.
async fn crash_loop(vhost: &VirtualHost, sender: &Bus, ledger: &Ledger) -> u32 {
    let ended = async || sender.queue_depth("error").await.unwrap() > 0 && ledger.handled() == 100;
    let mut deaths = 0;
    while !ended().await {
        let mut mortal = Mortal::start(vhost);
        loop {
            tokio::select! {
                said = mortal.says() => match said {
                    Some((word, n)) if word == "handled" => ledger.handles(n.into()),
                    Some(_) => {}
                    None => break, // it has died
                },
                () = until("all has ended", &ended) => return deaths,
            }
        }
        deaths += 1;
        assert!(deaths <= 25, "{} are handled", ledger.handled());
    }
    deaths
}
