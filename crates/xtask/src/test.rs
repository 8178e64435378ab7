use crate::{
    interop,
    rabbitmq::{self, find},
    step::{self, Outcome},
    workspace,
};

/// Runs all tests of the workspace, doc tests included, with the RabbitMQ and the Python they need.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let folder = rabbitmq::provide()?;
    let mut cargo = workspace::cargo(["test", "--workspace", "--all-features"]);
    cargo.args(arguments).env(find::VARIABLE, folder);
    match interop::provide() {
        Ok(python) => {
            cargo.env(interop::VARIABLE, python);
        }
        Err(reason) => {
            cargo.env_remove(interop::VARIABLE);
            step::announce(&format!("the interop suite is left out: {reason}"));
        }
    }
    step::run("tests of the whole workspace", &mut cargo)
}
