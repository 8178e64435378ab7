use std::{fmt, time::Duration};

use super::{injector::Outage, ledger::Balance, options::FaultKind, world::PREFETCH};

/// A lost connection may double what was unconfirmed (the sender's window, in messages) and what was unacknowledged.
const DOUBLED_BY_A_FAULT: u64 = 1_000 + PREFETCH as u64;

/// Memory and tasks of this process at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Usage {
    pub(super) resident_kib: u64,
    pub(super) tasks: usize,
}

/// What came of a run.
#[derive(Debug, Clone, Default)]
pub(super) struct Report {
    pub(super) time: Duration,
    pub(super) balance: Balance,
    pub(super) outages: Vec<Outage>,
    pub(super) longest_outage: Duration,
    pub(super) in_error: u32,
    pub(super) error_examples: Vec<String>,
    /// In the endpoint's queue, after everything is shut down.
    pub(super) left_in_queue: u64,
    pub(super) start: Usage,
    pub(super) end: Usage,
    pub(super) peak_kib: u64,
    pub(super) tasks_before: usize,
    pub(super) tasks_after: usize,
    pub(super) panics: u64,
}

impl Report {
    /// What must not be; nothing when the run was good.
    pub(super) fn complaints(&self) -> Vec<String> {
        let counts = &self.balance.counts;
        let unrecovered = self.outages.iter().filter(|outage| outage.recovery.is_none()).count() as u64;
        let table = [
            (self.balance.lost, "messages are lost"),
            (u64::from(self.in_error), "messages are in `error`"),
            (self.left_in_queue, "messages are left in the queue"),
            (counts.failed, "sends failed for a reason that no fault explains"),
            (counts.never_sent, "messages were handled that were never sent"),
            (self.balance.not_sent_handled, "messages were handled though they were not sent"),
            (counts.damaged, "messages were damaged"),
            (unrecovered, "faults were not recovered from before the broker was restarted"),
            (self.panics, "panics"),
            (self.tasks_after.saturating_sub(self.tasks_before) as u64, "tasks are left"),
        ];
        let mut complaints: Vec<String> = table
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, complaint)| format!("{count} {complaint}"))
            .collect();
        let explained = self.outages.len() as u64 * DOUBLED_BY_A_FAULT;
        if counts.duplicated > explained {
            complaints.push(format!("{} duplicates, of which faults explain {explained}", counts.duplicated));
        }
        complaints
    }

    /// Recovery times of some kinds of faults, shortest first.
    fn recoveries(&self, kinds: &[FaultKind]) -> Vec<Duration> {
        let of_kind = self.outages.iter().filter(|outage| kinds.contains(&outage.fault.kind()));
        let mut times: Vec<Duration> = of_kind.filter_map(|outage| outage.recovery).collect();
        times.sort();
        times
    }

    fn write_recoveries(&self, f: &mut fmt::Formatter<'_>, what: &str, kinds: &[FaultKind]) -> fmt::Result {
        let times = self.recoveries(kinds);
        let (Some(median), Some(worst)) = (times.get(times.len() / 2), times.last()) else { return Ok(()) };
        let (count, median, worst) = (times.len(), median.as_millis(), worst.as_millis());
        writeln!(f, "  {what:<18}{count:>5} times, median {median} ms, worst {worst} ms")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (balance, counts) = (&self.balance, &self.balance.counts);
        let seconds = self.time.as_secs_f64();
        writeln!(
            f,
            "sent Ok            {} in {seconds:.0} s, {:.0} a second",
            counts.ok,
            counts.ok as f64 / seconds
        )?;
        writeln!(f, "handled            {}, redelivered {} times", counts.handled, counts.redelivered)?;
        writeln!(
            f,
            "duplicated         {}, {} of them by a redelivery",
            counts.duplicated, counts.duplicated_redelivered
        )?;
        writeln!(f, "lost               {} {:?}", balance.lost, balance.first_lost)?;
        writeln!(f, "in `error`         {}", self.in_error)?;
        for example in self.error_examples.iter().chain(&balance.failures) {
            writeln!(f, "                   {example}")?;
        }
        writeln!(f, "unknown            {}, {} of them handled", counts.unknown, balance.unknown_handled)?;
        writeln!(f, "not sent           {}", counts.not_sent)?;
        writeln!(f, "failed             {}", counts.failed)?;
        writeln!(f, "longest outage     {} ms, as a sender saw it", self.longest_outage.as_millis())?;
        writeln!(
            f,
            "faults             {}; from each one's end to sending and consuming again:",
            self.outages.len()
        )?;
        self.write_recoveries(f, "port accepts", &[FaultKind::Kill, FaultKind::Stop])?;
        for kind in FaultKind::ALL {
            self.write_recoveries(f, kind.name(), &[kind])?;
        }
        let (start, end) = (self.start, self.end);
        writeln!(
            f,
            "memory             {} KiB at the start, {} at the end, {} at most",
            start.resident_kib, end.resident_kib, self.peak_kib
        )?;
        writeln!(
            f,
            "tasks              {} at the start, {} at the end; {} without buses, {} after shutdown",
            start.tasks, end.tasks, self.tasks_before, self.tasks_after
        )?;
        write!(f, "panics             {}", self.panics)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::faults::Fault, *};

    fn outage(fault: Fault, millis: Option<u64>) -> Outage {
        Outage { fault, recovery: millis.map(Duration::from_millis) }
    }

    #[test]
    fn a_good_run_has_no_complaints_and_a_bad_one_names_each() {
        assert_eq!(Report::default().complaints(), Vec::<String>::new());
        let mut bad = Report { panics: 2, in_error: 1, tasks_after: 3, tasks_before: 1, ..Report::default() };
        bad.balance.lost = 7;
        bad.balance.counts.duplicated = 1;
        assert_eq!(
            bad.complaints(),
            [
                "7 messages are lost",
                "1 messages are in `error`",
                "2 panics",
                "2 tasks are left",
                "1 duplicates, of which faults explain 0"
            ]
        );
        bad.outages.push(outage(Fault::CloseAll, None));
        assert!(
            bad.complaints()
                .contains(&"1 faults were not recovered from before the broker was restarted".to_owned())
        );
        assert!(!bad.complaints().iter().any(|complaint| complaint.contains("duplicates")));
    }

    #[test]
    fn recoveries_are_told_by_kind() {
        let down = Duration::ZERO;
        let outages = vec![
            outage(Fault::Kill { down }, Some(900)),
            outage(Fault::Stop { down }, Some(300)),
            outage(Fault::Kill { down }, Some(500)),
            outage(Fault::CloseAll, Some(5)),
        ];
        let text = Report { outages, time: Duration::from_secs(1), ..Report::default() }.to_string();
        assert!(text.contains("port accepts          3 times, median 500 ms, worst 900 ms"), "{text}");
        assert!(text.contains("close                 1 times, median 5 ms, worst 5 ms"), "{text}");
        assert!(!text.contains("freeze"), "{text}");
    }
}
