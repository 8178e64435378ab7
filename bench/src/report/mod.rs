//! What was measured, for people and for programs.

mod aspect;
mod chart;
mod page;
mod results;
mod statistics;
mod targets;

pub(crate) use self::results::{Facts, Results, Run};

use std::{fs, path::Path};

use crate::outcome::Outcome;

/// Writes the results into a folder: `bench.json` with every run, `results.md` with the tables, and a chart for each kind
/// of queue.
pub(crate) fn write(results: &Results, folder: &Path) -> Outcome {
    let name = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(name)?;
    fs::write(folder.join("bench.json"), serde_json::to_string_pretty(results)? + "\n").map_err(name)?;
    fs::write(folder.join("results.md"), page::page(results)).map_err(name)?;
    for queue in results.queues() {
        let file = folder.join(format!("{}.svg", queue.as_str()));
        fs::write(file, chart::svg(results, queue)).map_err(name)?;
    }
    Ok(())
}

/// The tables, as text.
pub(crate) fn text(results: &Results) -> String {
    page::tables(results)
}
