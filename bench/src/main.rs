//! Leveret beside amqprs and lapin by hand: `cargo xtask bench --help`.

mod child;
mod contestant;
mod contracts;
mod job;
mod measure;
mod options;
mod outcome;
mod report;
mod run;
mod scenario;

use std::process::ExitCode;

use clap::Parser;

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
    let results = run::all(options).await;
    report::write(&results, &options.out)?;
    println!("{}", report::text(&results));
    println!("bench.json, results.md and charts are in {}", options.out.display());
    match results.failures().count() {
        0 => Ok(()),
        failures => Err(format!("{failures} runs have no result").into()),
    }
}
