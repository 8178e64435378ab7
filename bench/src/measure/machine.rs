use std::fs;

/// What the machine's processors have done so far, as Linux tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Machine {
    ticks: u64,
    stolen: u64,
}

impl Machine {
    /// Now; `None` where the system does not tell.
    pub(super) fn now() -> Option<Self> {
        Self::of(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// The first line has the sums: user, nice, system, idle, iowait, irq, softirq, steal, and two that are parts of the first.
    fn of(stat: &str) -> Option<Self> {
        let ticks = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().take(8);
        let ticks: Vec<u64> = ticks.map(str::parse).collect::<Result<_, _>>().ok()?;
        Some(Self { ticks: ticks.iter().sum(), stolen: *ticks.get(7)? })
    }

    /// The share of the processors' time since `before` that the host gave to other machines.
    pub(super) fn stolen_since(self, before: Self) -> f64 {
        let ticks = self.ticks.saturating_sub(before.ticks).max(1);
        self.stolen.saturating_sub(before.stolen) as f64 / ticks as f64
    }
}

#[cfg(test)]
mod tests {
    use super::Machine;

    #[test]
    fn stolen_time_is_read_as_linux_writes_it() {
        let before = Machine::of("cpu  40 0 10 40 0 0 0 10 3 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n").unwrap();
        let after = Machine::of("cpu  90 0 10 60 0 0 0 40 9 0\n").unwrap();
        assert_eq!(before, Machine { ticks: 100, stolen: 10 });
        assert!((after.stolen_since(before) - 0.3).abs() < 1e-9);
        assert!(before.stolen_since(before).abs() < 1e-9, "no time has passed");
        assert_eq!(Machine::of("intr 1 2 3\n"), None);
        assert_eq!(Machine::of("cpu  1 2 3\n"), None);
    }
}
