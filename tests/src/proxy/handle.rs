use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use super::{
    conditions::{Conditions, Direction, Manner, Weather},
    connection,
};

/// A proxy on 127.0.0.1. It and all its connections end when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    conditions: watch::Sender<Conditions>,
    accepted: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy in front of a port of 127.0.0.1. At first the network is good.
    pub async fn start(target: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port for the proxy");
        let port = listener.local_addr().expect("the proxy has an address").port();
        let (conditions, weather) = watch::channel(Conditions::default());
        let accepted = Arc::new(AtomicUsize::new(0));
        let task = tokio::spawn(serve(listener, target, weather, accepted.clone()));
        Self { port, conditions, accepted, task }
    }

    /// The URL of the broker, by way of this proxy.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let (before, rest) = url.rsplit_once('@').expect("a URL with a user");
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        format!("{before}@127.0.0.1:{}/{path}", self.port)
    }

    /// How many connections there were by now, those that were refused not counted.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Closes all connections, on both sides (FIN). New ones are welcome.
    pub fn cut(&self) {
        self.change(|conditions| conditions.ended = (conditions.ended.0 + 1, Manner::Closed));
    }

    /// Resets all connections, on both sides (RST). New ones are welcome.
    pub fn reset(&self) {
        self.change(|conditions| conditions.ended = (conditions.ended.0 + 1, Manner::Reset));
    }

    /// Closes all connections, and each new one at once.
    pub fn refuse(&self) {
        self.change(|conditions| conditions.refusing = true);
        self.cut();
    }

    /// Lets nothing arrive there any more. The connections stay open, nobody is told, and nothing is lost: what was
    /// sent meanwhile arrives when the proxy is healed, as far as somebody is left to take it.
    pub fn silence(&self, directions: &[Direction]) {
        self.change(|conditions| conditions.silent = directions.to_vec());
    }

    /// Lets each byte take this long, each way.
    pub fn latency(&self, latency: Duration) {
        self.change(|conditions| conditions.latency = latency);
    }

    /// Lets through so many bytes a second, of each connection and each way.
    pub fn throughput(&self, bytes: u32) {
        self.change(|conditions| conditions.throughput = Some(bytes));
    }

    /// Makes the network good again, for the connections that are open too.
    pub fn heal(&self) {
        self.change(|conditions| {
            *conditions = Conditions { ended: conditions.ended, ..Conditions::default() }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Conditions)) {
        self.conditions.send_modify(change);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Owns all connections: they end with it.
async fn serve(listener: TcpListener, target: u16, weather: Weather, accepted: Arc<AtomicUsize>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            client = listener.accept() => {
                let Ok((client, _)) = client else { continue };
                if !weather.borrow().refusing {
                    accepted.fetch_add(1, Ordering::SeqCst);
                    connections.spawn(connection::serve(client, target, weather.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
