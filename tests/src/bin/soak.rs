//! Sends and handles on a private RabbitMQ while it is killed, stopped, frozen and worse: `cargo xtask soak`.

use std::{env, process::ExitCode};

use leveret_tests::soak::{SoakOptions, USAGE, run};

#[tokio::main]
async fn main() -> ExitCode {
    if env::args().any(|argument| argument == "--help" || argument == "-h") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let options = match SoakOptions::parse(env::args().skip(1)) {
        Ok(options) => options,
        Err(reason) => {
            eprint!("soak: {reason}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(options).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("soak: {reason}");
            ExitCode::FAILURE
        }
    }
}
