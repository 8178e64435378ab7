use crate::{
    rabbitmq::{self, find},
    step::{self, Outcome},
    workspace,
};

/// Runs a program of a package, built for speed, with the RabbitMQ it needs.
pub(crate) fn run(package: &str, name: &str, arguments: &[&str]) -> Outcome {
    let folder = rabbitmq::provide()?;
    let mut cargo = workspace::cargo(["run", "--release", "--package", package, "--bin", name, "--"]);
    cargo.args(arguments).env(find::VARIABLE, folder);
    step::run(name, &mut cargo)
}
