//! The project's own commands: `cargo xtask test | ci | layers | soak | bench`.

mod apt;
mod bench;
mod ci;
mod duplicates;
mod interop;
mod layers;
mod program;
mod rabbitmq;
mod step;
mod test;
mod workspace;

use std::{env, process::ExitCode};

const USAGE: &str = "\
usage: cargo xtask <command>

  test [args]   runs all tests, with RabbitMQ (found or installed) and PikaBus; args go to `cargo test`
  ci [checks]   runs every check of the project, or the named ones: format, lints, docs, layers, features,
                duplicates, tests
  layers        checks that modules import only from lower floors
  soak [args]   sends and handles on a private RabbitMQ while faults are injected; fails if anything is lost;
                `--help` tells the args
  bench [args]  measures Leveret beside amqprs and lapin by hand, on a private RabbitMQ; `--help` tells the args
  bench compile [CONTRACTS] [ROUNDS]
                what the macros cost in `cargo check`, over the same contracts and handlers by hand; 200 and 7 unless
                told
  bench delay late MESSAGES SECONDS
                how late messages are that a private RabbitMQ holds back for up to so many seconds
  bench delay wait MESSAGES SECONDS
                how much processor time it takes to let so many messages wait for so long
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test", rest @ ..] => test::run(rest),
        ["ci", checks @ ..] => ci::run(checks),
        ["layers"] => layers::run(),
        ["soak", rest @ ..] => program::run("leveret-tests", "soak", rest),
        ["bench", "delay", rest @ ..] => program::run("leveret-tests", "delay", rest),
        ["bench", "compile", rest @ ..] => bench::run(rest),
        ["bench", rest @ ..] => program::run("leveret-bench", "leveret-bench", rest),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
