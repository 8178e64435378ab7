//! The project's own commands: `cargo xtask test | ci | layers`.

fn main() {}
