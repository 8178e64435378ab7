use std::{
    env,
    fs::File,
    io::Write,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::{folder::Folder, watchdog::Watchdog};

/// Waits for the word to go, so that the watchdog knows the process before it becomes a broker.
const LAUNCH: &str = r#"read -r go && exec "$0""#;

/// One run of the broker: the leader of a process group of its own, which only it and its children are in.
#[derive(Debug)]
pub(super) struct Node {
    process: Child,
    /// Open for as long as the node lives: a container that runs it ends with its input.
    _input: ChildStdin,
}

impl Node {
    pub(super) fn start(
        server: &Path,
        folder: &Folder,
        distribution_port: u16,
        watchdog: &mut Watchdog,
    ) -> Self {
        let output = File::create(folder.join("output")).expect("a file for the broker's output");
        let mut process = Command::new("sh")
            .args(["-c", LAUNCH])
            .arg(server)
            .env_clear()
            .envs(environment(folder, distribution_port))
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stderr(output.try_clone().expect("a second handle"))
            .stdout(output)
            .process_group(0)
            .spawn()
            .expect("sh starts");
        watchdog.watch(process.id());
        let mut input = process.stdin.take().expect("the input is a pipe");
        writeln!(input, "go").expect("the launcher reads");
        Self { process, _input: input }
    }

    /// Sends a signal to all processes of the node.
    pub(super) fn signal(&self, signal: Signal) {
        // The group is gone when its last process is, and then there is nothing to signal.
        let _ = kill_process_group(self.id(), signal);
    }

    /// Whether the signal to stop has reached all threads of the broker: on a busy machine some run on for a moment.
    pub(super) fn is_frozen(&self) -> bool {
        let stopped = waitid(WaitId::Pid(self.id()), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
        stopped.is_ok_and(|status| status.is_some())
    }

    fn id(&self) -> Pid {
        i32::try_from(self.process.id()).ok().and_then(Pid::from_raw).expect("a process id")
    }

    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().expect("our own process can be waited for")
    }

    /// Kills the node, frozen or not, and waits for its end.
    pub(super) fn kill(&mut self) {
        self.signal(Signal::KILL);
        let _ = self.process.wait();
    }
}

/// The whole environment of a node: nothing of a broker that is configured on this machine gets in.
///
/// The name is given to Erlang itself, with the port of its distribution and no epmd: RabbitMQ then starts none, which
/// saves a second and a daemon that would stay behind; and two nodes can have the same name.
fn environment(folder: &Folder, distribution_port: u16) -> Vec<(&'static str, String)> {
    let file = |name: &str| folder.join(name).display().to_string();
    let port = distribution_port;
    vec![
        ("PATH", env::var("PATH").unwrap_or_default()),
        ("LANG", "C.UTF-8".to_owned()),
        ("HOME", file("home")),
        ("TMPDIR", file("home")),
        ("RABBITMQ_NODENAME", "leveret@localhost".to_owned()),
        ("RABBITMQ_CONF_ENV_FILE", file("rabbitmq-env.conf")),
        ("RABBITMQ_CONFIG_FILE", file("rabbitmq.conf")),
        ("RABBITMQ_ADVANCED_CONFIG_FILE", file("advanced.config")),
        ("RABBITMQ_ENABLED_PLUGINS_FILE", file("enabled_plugins")),
        ("RABBITMQ_MNESIA_BASE", file("data")),
        ("RABBITMQ_LOG_BASE", file("log")),
        // The script then becomes the broker instead of waiting for it, so that the group's leader is the broker.
        ("RABBITMQ_ALLOW_INPUT", "1".to_owned()),
        ("LEVERET_CONTROL", file("control")),
        (
            "ERL_FLAGS",
            format!(
                "-start_epmd false -erl_epmd_port {port} -kernel inet_dist_use_interface {{127,0,0,1}} \
                 inet_dist_listen_min {port} inet_dist_listen_max {port}"
            ),
        ),
        (
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            format!("-noinput -sname leveret@localhost -eval file:eval(\"{}\")", file("control.erl")),
        ),
    ]
}
