use std::{
    io::{self, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
};

/// Waits for the end of its input, which comes when this process ends in any way, SIGKILL included; then kills the node
/// whose process group it was told last, and removes the broker's folder. Removing is tried again, because the node may
/// still be writing while it dies.
const SCRIPT: &str = r#"
node=
while IFS= read -r line; do node=$line; done
[ -z "$node" ] || kill -s KILL -- "-$node" 2>/dev/null
for attempt in 1 2 3 4 5; do rm -rf -- "$1" 2>/dev/null && break; sleep 0.2; done
"#;

/// A process that outlives us by a moment and clears up after us. Statics are never dropped, and a test can be killed:
/// only another process sees both.
#[derive(Debug)]
pub(super) struct Watchdog {
    process: Child,
    input: Option<ChildStdin>,
}

impl Watchdog {
    pub(super) fn start(folder: &Path) -> Self {
        let mut process = Command::new("sh")
            .args(["-c", SCRIPT, "leveret-watchdog"])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0) // out of reach of a Ctrl-C in the terminal
            .spawn()
            .expect("sh starts");
        let input = process.stdin.take();
        Self { process, input }
    }

    /// From now on this node is killed when we end.
    pub(super) fn watch(&mut self, node: u32) {
        self.tell(&node.to_string()).expect("the watchdog reads");
    }

    /// The node has ended, and its id may be another's soon.
    pub(super) fn forget(&mut self) {
        // Called while dropping, where a watchdog that somebody killed must not turn a panic into an abort.
        let _ = self.tell("");
    }

    fn tell(&mut self, line: &str) -> io::Result<()> {
        self.input.as_mut().map_or(Ok(()), |input| writeln!(input, "{line}"))
    }
}

impl Drop for Watchdog {
    /// Lets it clear up, and waits until it has.
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.wait();
    }
}
