use std::time::Instant;

use super::Turn;
use crate::measure::Measurement;

/// Says on the error output how far it is.
#[derive(Debug)]
pub(super) struct Progress {
    began: Instant,
    done: usize,
    all: usize,
}

impl Progress {
    pub(super) fn new(all: usize) -> Self {
        Self { began: Instant::now(), done: 0, all }
    }

    /// A turn is over.
    pub(super) fn tell(&mut self, turn: &Turn, outcome: &Result<Measurement, String>) {
        self.done += 1;
        let round = if turn.counts() { format!("round {}", turn.round) } else { "warm-up".to_owned() };
        let measured = match outcome {
            Ok(measured) => match measured.latency {
                Some(latency) => format!("p50 {:.2} ms", latency.p50 * 1_000.0),
                None => format!("{:.0}/s", measured.rate()),
            },
            Err(reason) => format!("no result: {reason}"),
        };
        let stolen =
            outcome.as_ref().ok().and_then(|measured| measured.stolen).filter(|share| *share > 0.005);
        let stolen = stolen.map(|share| format!("  ({:.0}% stolen)", share * 100.0)).unwrap_or_default();
        eprintln!(
            "{:>4}/{} {:>5} s  {:<7}  {:<20}  {:<18}  {round:<8}  {measured}{stolen}",
            self.done,
            self.all,
            self.began.elapsed().as_secs(),
            turn.queue.as_str(),
            turn.scenario.title(),
            turn.contestant.title(),
        );
    }
}
