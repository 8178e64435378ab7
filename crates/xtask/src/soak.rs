use crate::{
    rabbitmq::{self, find},
    step::{self, Outcome},
    workspace,
};

/// Runs the soak program of the tests, built for speed, with the RabbitMQ it needs.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let folder = rabbitmq::provide()?;
    let mut cargo =
        workspace::cargo(["run", "--release", "--package", "leveret-tests", "--bin", "soak", "--"]);
    cargo.args(arguments).env(find::VARIABLE, folder);
    step::run("soak", &mut cargo)
}
