use std::fs;

/// How much memory this process has, in KiB: resident now, and at most so far. Zero where the system does not tell.
pub(super) fn memory() -> (u64, u64) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim_matches([':', ' ', '\t', 'k', 'B']).parse().unwrap_or_default()
    };
    (field("VmRSS"), field("VmHWM"))
}

/// How many tasks of the runtime are alive.
pub(super) fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}
