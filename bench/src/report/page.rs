use std::fmt::Write;

use super::{
    aspect::Aspect,
    results::{Results, Row},
    statistics::spread,
    targets,
};
use crate::{contestant::Name, job::QueueKind, scenario::Scenario};

/// A page of the book: the charts and the tables.
pub(super) fn page(results: &Results) -> String {
    let facts = &results.facts;
    let load =
        facts.load.map(|load| format!(" The machine's load before was {load:.1}.")).unwrap_or_default();
    let stolen = results.stolen().map(|(median, most)| {
        format!(
            " The host of the machine took {:.0}% of its time during a run, at most {:.0}%.",
            median * 100.0,
            most * 100.0
        )
    });
    let stolen = stolen.unwrap_or_default();
    let mut page = format!(
        "# RabbitMQ {}\n\nWritten by `cargo xtask bench`, on {} cores, which the broker and the contestant share. {} \
         rounds; each contestant's runtime has {} threads.{load}{stolen} [Speed](../../performance.md) explains what is \
         measured.\n\n",
        facts.rabbitmq, facts.cores, facts.rounds, facts.threads
    );
    for queue in results.queues() {
        let name = queue.as_str();
        let _ = writeln!(page, "![{name} queues: each beside amqprs by hand]({name}.svg)\n");
    }
    page + &tables(results)
}

/// All tables, as Markdown that reads well as it is.
pub(super) fn tables(results: &Results) -> String {
    let mut text = String::new();
    for queue in results.queues() {
        let _ = writeln!(text, "## {} queues\n", title(queue));
        text += &table(&measurements(results, queue));
        text.push('\n');
        let verdicts = verdicts(results, queue);
        if verdicts.len() > 1 {
            text += &table(&verdicts);
            text.push('\n');
        }
    }
    let failures: Vec<_> = results.failures().collect();
    if !failures.is_empty() {
        text += "## No result\n\n";
    }
    for (turn, why) in failures {
        let (scenario, contestant) = (turn.scenario.title(), turn.contestant.title());
        let _ = writeln!(
            text,
            "- {}, {scenario}, round {}, {contestant}: {why}",
            turn.queue.as_str(),
            turn.round
        );
    }
    text
}

fn title(queue: QueueKind) -> &'static str {
    match queue {
        QueueKind::Quorum => "Quorum",
        QueueKind::Classic => "Classic",
    }
}

/// A row for each contestant in each scenario, below a head.
fn measurements(results: &Results, queue: QueueKind) -> Vec<Vec<String>> {
    let head = [
        "scenario",
        "contestant",
        "messages/s",
        "spread",
        "p50",
        "p99",
        "of amqprs",
        "of lapin",
        "CPU s/100,000",
        "peak MiB",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for scenario in Scenario::ALL {
        lines.extend(results.rows(queue, scenario).map(|row| measurement(results, row)));
    }
    lines
}

fn measurement(results: &Results, row: Row) -> Vec<String> {
    let aspect = Aspect::of(row.scenario);
    let shown = |value: Option<f64>, write: fn(f64) -> String| value.map(write).unwrap_or_default();
    let ratio = |to: Name| results.ratio(row, Row { contestant: to, ..row }, aspect);
    let p99 = super::statistics::median(
        results.measured(row).filter_map(|(_, measured)| measured.latency.map(|latency| latency.p99)),
    );
    vec![
        row.scenario.title().to_owned(),
        row.contestant.title().to_owned(),
        shown(results.median(row, Aspect::Rate), |rate| format!("{rate:.0}")),
        shown(spread(results.values(row, aspect)), |share| format!("{:.0}%", share * 100.0)),
        shown(results.median(row, Aspect::Latency), millis),
        shown(p99, millis),
        shown(ratio(Name::Amqprs), |ratio| format!("{ratio:.2}")),
        shown(ratio(Name::Lapin), |ratio| format!("{ratio:.2}")),
        shown(results.median(row, Aspect::Processor), |seconds| format!("{seconds:.2}")),
        shown(results.median(row, Aspect::Memory), |bytes| format!("{:.1}", bytes / 1024.0 / 1024.0)),
    ]
}

fn millis(seconds: f64) -> String {
    format!("{:.2} ms", seconds * 1_000.0)
}

/// A row for each target, below a head.
fn verdicts(results: &Results, queue: QueueKind) -> Vec<Vec<String>> {
    let mut lines = vec![["target", "wanted", "measured", ""].map(str::to_owned).to_vec()];
    lines.extend(targets::verdicts(results, queue).iter().map(|verdict| {
        let met = if verdict.is_met() { "met" } else { "missed" };
        vec![verdict.what(), verdict.wanted(), verdict.found(), met.to_owned()]
    }));
    lines
}

/// A Markdown table whose columns are as wide as they need; the first line is the head.
fn table(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let widths: Vec<usize> = (0..columns)
        .map(|column| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    let mut text = String::new();
    for (n, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(text, "| {cell:<width$} ");
        }
        text += "|\n";
        if n == 0 {
            for width in &widths {
                let _ = write!(text, "|{}", "-".repeat(width + 2));
            }
            text += "|\n";
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{super::results::tests::rates, *};

    #[test]
    fn a_table_is_as_wide_as_it_needs() {
        let lines = [["a", "name"], ["longer", "b"]].map(|line| line.map(str::to_owned).to_vec());
        assert_eq!(table(&lines), "| a      | name |\n|--------|------|\n| longer | b    |\n");
        assert_eq!(table(&[]), "");
    }

    #[test]
    fn the_page_tells_rates_ratios_targets_and_failures() {
        let results = rates(&[(Name::Leveret, &[95, 100, 110]), (Name::Amqprs, &[100, 100, 0])]);
        let page = page(&results);
        for expected in [
            "# RabbitMQ 4.0.5\n",
            "on 2 cores",
            "took 2% of its time during a run, at most 2%",
            "load before was 0.2",
            "![quorum queues: each beside amqprs by hand](quorum.svg)",
            "## Quorum queues",
            "| send, 256 in flight | Leveret    | 100        | 15%    |     |     | 0.97      |",
            "| send, 256 in flight: rate of Leveret beside amqprs            | at least 0.97 | 0.97",
            "- quorum, send, 256 in flight, round 3, amqprs: it <failed>",
        ] {
            assert!(page.contains(expected), "{expected} is not in\n{page}");
        }
    }
}
