use std::time::Duration;

use rustix::process::Signal;

use super::{Broker, node::Node, wait::within};

/// A node starts in 2 to 6 s on a free core, and tests share theirs.
const START_TIMEOUT: Duration = Duration::from_secs(90);
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

impl Broker {
    /// Stops the broker as an operator does, letting it close everything.
    pub async fn stop(&mut self) {
        let Some(mut node) = self.node.take() else { return };
        node.signal(Signal::TERM);
        if !within(STOP_TIMEOUT, async || node.ended().is_some()).await {
            node.kill();
        }
        self.watchdog.forget();
    }

    /// Kills the broker (SIGKILL). It has no time to write or close anything.
    ///
    /// A quorum queue that was declared within the last seconds may come back empty: RabbitMQ writes its directory
    /// late (seen on 3.10, 4.0 and 4.3).
    pub async fn kill(&mut self) {
        let Some(mut node) = self.node.take() else { return };
        node.kill();
        self.watchdog.forget();
        // In a container it ends a moment after its launcher.
        let gone = async || !self.control.is_ready().await;
        assert!(within(STOP_TIMEOUT, gone).await, "the broker still answers after it was killed");
    }

    /// Stops all processes of the broker (SIGSTOP): connections stay open and nothing answers.
    pub async fn freeze(&mut self) {
        let node = self.running();
        node.signal(Signal::STOP);
        assert!(
            within(STOP_TIMEOUT, async || node.is_frozen()).await,
            "the broker goes on after it was frozen"
        );
    }

    /// Lets a frozen broker go on (SIGCONT).
    pub async fn thaw(&mut self) {
        self.running().signal(Signal::CONT);
    }

    /// Stops the broker, if it runs, and starts it again.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.start_again().await;
    }

    /// Starts a broker that was stopped or killed, with the same ports and data, and waits until it serves clients.
    pub async fn start_again(&mut self) {
        assert!(self.node.is_none(), "the broker runs already");
        let node = Node::start(&self.server, &self.folder, self.distribution_port, &mut self.watchdog);
        let (node, control, folder) = (self.node.insert(node), &self.control, &self.folder);
        let ready = async || {
            if let Some(status) = node.ended() {
                panic!("RabbitMQ ended at its start, {status}:\n{}", folder.complaint());
            }
            control.is_ready().await
        };
        let in_time = within(START_TIMEOUT, ready).await;
        assert!(in_time, "RabbitMQ is not ready after {START_TIMEOUT:?}:\n{}", folder.complaint());
    }

    fn running(&mut self) -> &mut Node {
        self.node.as_mut().expect("the broker is stopped")
    }
}
