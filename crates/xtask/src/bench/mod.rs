//! What the macros cost in compile time: `cargo check` of the same contracts and handlers, once with the macros and once
//! with the implementations that a person would write.

mod cost;
mod package;
mod sample;
mod source;

use std::time::Duration;

use self::{package::Package, sample::Sample, source::Edit};
use crate::step::{self, Outcome};

const CONTRACTS: usize = 200;
const ROUNDS: usize = 7;

/// How a check is made.
type Check = fn(&Package, usize) -> Result<Duration, String>;

const CHECKS: [(&str, Check); 5] = [
    ("cold", |package, _| package.cold(true)),
    ("cold, CARGO_INCREMENTAL=0", |package, _| package.cold(false)),
    ("after an edit of one handler's body that keeps its length", |package, round| {
        package.edited(Edit::SameLength(round))
    }),
    ("after an edit that changes the length of a line", |package, round| package.edited(Edit::Length(round))),
    ("after an edit that adds a line", |package, round| package.edited(Edit::Line(round))),
];

/// Measures with so many contracts, each with a handler, in so many rounds.
///
/// # Errors
/// An argument that is no number, or a package that does not compile.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let (contracts, rounds) = match arguments {
        [] => (CONTRACTS, ROUNDS),
        [contracts] => (number(contracts)?, ROUNDS),
        [contracts, rounds] => (number(contracts)?, number(rounds)?),
        _ => return Err("bench compile takes CONTRACTS and ROUNDS, and nothing more".to_owned()),
    };
    let packages = package::generate(contracts)?;
    step::announce("the dependencies of both packages, then the rounds");
    println!(
        "{contracts} contracts and handlers, {rounds} rounds; processor time of `cargo check`: median (spread)"
    );
    for (name, check) in CHECKS {
        let mut samples = [Sample::default(), Sample::default()];
        for package in &packages {
            check(package, rounds + 1)?; // not counted: it also builds what the others find built
        }
        for round in 1..=rounds {
            for (package, sample) in packages.iter().zip(&mut samples) {
                sample.add(check(package, round)?);
            }
        }
        let [macros, hand] = &samples;
        println!("{name}");
        for (package, sample) in packages.iter().zip(&samples) {
            println!("  {:<10} {sample}", package.name());
        }
        println!(
            "  ratio      {:.2} of the medians, {:.2} of the shortest",
            macros.median() / hand.median(),
            macros.least() / hand.least()
        );
    }
    Ok(())
}

fn number(argument: &str) -> Result<usize, String> {
    argument
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("`{argument}` is no number above 0"))
}
