use crate::{
    rabbitmq::{self, find},
    step::{self, Outcome},
    workspace,
};

/// Runs a program of the tests, built for speed, with the RabbitMQ it needs.
pub(crate) fn run(name: &str, arguments: &[&str]) -> Outcome {
    let folder = rabbitmq::provide()?;
    let mut cargo = workspace::cargo(["run", "--release", "--package", "leveret-tests", "--bin", name, "--"]);
    cargo.args(arguments).env(find::VARIABLE, folder);
    step::run(name, &mut cargo)
}
