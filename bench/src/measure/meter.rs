use std::{
    fs,
    time::{Duration, Instant},
};

use rustix::time::{ClockId, clock_gettime};

use super::{Measurement, machine::Machine};

/// A clock for the wall, and one for the processor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    began: Instant,
    cpu: Duration,
    machine: Option<Machine>,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self { began: Instant::now(), cpu: process_time(), machine: Machine::now() }
    }

    /// What has passed since the start, for so many messages.
    pub(crate) fn stop(self, messages: u64) -> Measurement {
        Measurement {
            messages,
            seconds: self.began.elapsed().as_secs_f64(),
            cpu_seconds: (process_time().saturating_sub(self.cpu)).as_secs_f64(),
            peak_bytes: peak_memory(),
            stolen: self.machine.and_then(|before| Some(Machine::now()?.stolen_since(before))),
            latency: None,
        }
    }
}

/// The processor time that this process has used, in all threads.
fn process_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or_default(), time.tv_nsec.try_into().unwrap_or_default())
}

/// The most memory that this process has held at once. Linux tells.
fn peak_memory() -> Option<u64> {
    peak_of(&fs::read_to_string("/proc/self/status").ok()?)
}

fn peak_of(status: &str) -> Option<u64> {
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    kib.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::peak_of;

    #[test]
    fn peak_memory_is_read_as_linux_writes_it() {
        let status = "Name:\tbench\nVmPeak:\t  226280 kB\nVmHWM:\t   10240 kB\nVmRSS:\t    9000 kB\n";
        assert_eq!(peak_of(status), Some(10_240 * 1024));
        assert_eq!(peak_of("Name:\tbench\n"), None);
        assert_eq!(peak_of("VmHWM:\t many kB\n"), None);
    }
}
