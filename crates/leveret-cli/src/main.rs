//! The command `leveret`: looks after the error queue and the queues of services on RabbitMQ.
//!
//! ```text
//! args                 what can be asked
//! error/               list, show, redrive, purge: thin over leveret::admin
//! queues, doctor/      what stands in the broker; pure rules over what the management API tells
//! topology/, layout    what endpoints declare, and what a broker has of it
//! management/          RabbitMQ's management API
//! contracts/, describe/ what a package says on the wire, for which the package itself is asked
//! age, table, text     how things are read and written: pure
//! out, exit            standard output and exit codes
//! ```

mod age;
mod args;
mod connect;
mod contracts;
mod describe;
mod doctor;
mod error;
mod exit;
mod layout;
mod management;
mod out;
mod queues;
mod table;
mod text;
mod topology;

use std::process::ExitCode;

use clap::Parser;

use self::{
    args::{Arguments, Command},
    exit::{Failure, Outcome},
};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return exit::code(Err(Failure::Said(format!("no runtime: {error}")))),
    };
    let outcome = runtime.block_on(run(&arguments));
    // A call of the management API may still run; it has a limit of its own, and nobody waits for it.
    runtime.shutdown_background();
    exit::code(outcome)
}

async fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    match &arguments.command {
        Command::Error { command } => error::run(&arguments.common, command).await,
        Command::Queues(queues) => queues::run(&arguments.common, queues).await,
        Command::Doctor(doctor) => doctor::run(&arguments.common, doctor).await,
        Command::Topology(topology) => topology::run(&arguments.common, topology).await,
        Command::Contracts { command } => contracts::run(&arguments.common, command),
    }
}
