//! Leveret beside amqprs and lapin by hand: `cargo xtask bench --help`.

mod child;
mod contestant;
mod contracts;
mod job;
mod measure;
mod options;
mod outcome;
mod run;
mod scenario;

use std::{process::ExitCode, time::Instant};

use clap::Parser;
use leveret_tests::broker::Broker;

use self::{
    options::{Command, Options},
    outcome::Outcome,
};

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match &options.command {
        Some(Command::Run { job }) => child::run(job),
        None => bench(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(worker_threads = 2)]
async fn bench(options: &Options) -> Outcome {
    let broker = Broker::start().await;
    let turns = run::turns(options);
    let began = Instant::now();
    for (n, turn) in turns.iter().enumerate() {
        let what = format!(
            "{:>3}/{} {:>4} s  {} {} round {}: {}",
            n + 1,
            turns.len(),
            began.elapsed().as_secs(),
            turn.queue.as_str(),
            turn.scenario.title(),
            turn.round,
            turn.contestant.title()
        );
        match run::turn(&broker, options, *turn).await {
            Ok(measured) => eprintln!(
                "{what}: {:.0}/s, {:.2} s CPU per 100,000, {:?}, {:?}",
                measured.rate(),
                measured.cpu(),
                measured.peak_bytes,
                measured.latency
            ),
            Err(error) => eprintln!("{what}: {error}"),
        }
    }
    Ok(())
}
