//! An endpoint in a process of its own, for tests that kill it: `mortal URL`. It handles what is sent to `worker`, and
//! says on its output what it begins and what it has handled. It dies of the number 13 and is stuck in 0, and ends
//! with its input.
#![allow(clippy::unwrap_used, reason = "it is there to die")]

use std::{
    io::{Read, Write, stdin, stdout},
    process::abort,
};

use leveret::{Bus, topology::QueueOptions};
use leveret_tests::scenarios::contracts::Worker;

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).unwrap();
    let worker = Worker::new(|work, _| {
        Box::pin(async move {
            say("begins", work.n);
            match work.n {
                0 => std::future::pending().await,
                13 => abort(),
                n => say("handled", n),
            }
            Ok(())
        })
    });
    // A plain queue is taken as it is.
    let bus = Bus::builder(url)
        .queue(QueueOptions::quorum().adopt())
        .endpoint(worker)
        .concurrency(16)
        .start()
        .await
        .unwrap();
    let ended = tokio::task::spawn_blocking(|| stdin().read_to_end(&mut Vec::new()));
    ended.await.unwrap().unwrap();
    bus.shutdown().await.unwrap();
}

/// At once: whoever reads it may have to know before we die.
fn say(what: &str, n: u32) {
    let mut out = stdout().lock();
    writeln!(out, "{what} {n}").unwrap();
    out.flush().unwrap();
}
