use std::path::{Path, PathBuf};

use tokio::sync::OnceCell;

use super::{
    BrokerOptions, Permissions, QueueInfo, VirtualHost,
    address::Address,
    alarm, connections,
    control::Control,
    find,
    folder::Folder,
    node::Node,
    ports::free_port,
    queues,
    users::{self, ADMINISTRATOR},
    watchdog::Watchdog,
};

/// A private RabbitMQ node. Ended and removed on drop.
#[derive(Debug)]
pub struct Broker {
    pub(super) server: PathBuf,
    pub(super) address: Address,
    pub(super) distribution_port: u16,
    pub(super) control: Control,
    pub(super) node: Option<Node>,
    pub(super) watchdog: Watchdog, // removes the folder when dropped, after the node has ended
    pub(super) folder: Folder,
}

impl Broker {
    /// Starts a broker with RabbitMQ's defaults and waits until it serves clients.
    pub async fn start() -> Self {
        Self::start_with(BrokerOptions::new()).await
    }

    /// Starts a broker as the test wants it.
    pub async fn start_with(options: BrokerOptions) -> Self {
        let server = server();
        let address = Address { port: free_port(), tls_port: free_port() };
        let folder = Folder::create();
        let watchdog = Watchdog::start(folder.path());
        folder.configure(&options, address.port, address.tls_port);
        let control = Control::new(folder.join("control"));
        let mut broker =
            Self { server, address, distribution_port: free_port(), control, node: None, watchdog, folder };
        broker.start_again().await;
        broker
    }

    /// The broker that all tests of this process share; started by the first, ended with the process.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<Broker> = OnceCell::const_new();
        SHARED.get_or_init(Self::start).await
    }

    /// Creates a virtual host in which nobody else is.
    pub async fn vhost(&self) -> VirtualHost {
        VirtualHost::create(self.address, self.control.clone()).await
    }

    /// The URL of the virtual host `/`, for the administrator.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_for(ADMINISTRATOR.0, ADMINISTRATOR.1, "/")
    }

    /// The URL by which a user opens a virtual host.
    #[must_use]
    pub fn url_for(&self, user: &str, password: &str, vhost: &str) -> String {
        self.address.url(user, password, vhost)
    }

    /// The `amqps` URL by which a user opens a virtual host; needs [`BrokerOptions::tls`].
    #[must_use]
    pub fn tls_url_for(&self, user: &str, password: &str, vhost: &str) -> String {
        self.address.tls_url(user, password, vhost)
    }

    /// The port for AMQP, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port
    }

    /// Where its files are, while it exists.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The end of what it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.folder.log()
    }

    /// RabbitMQ's version, such as `4.0.5`.
    pub async fn version(&self) -> String {
        self.eval("list_to_binary(rabbit_misc:version())").await
    }

    /// The value of an Erlang expression (without the final dot), evaluated in the node: for what is rare.
    pub async fn eval(&self, expression: &str) -> String {
        self.control.eval(expression).await
    }

    /// The queues of a virtual host, by name.
    pub async fn list_queues(&self, vhost: &str) -> Vec<QueueInfo> {
        queues::list(&self.control, vhost).await
    }

    /// Adds a user, who may do nothing yet.
    pub async fn add_user(&self, user: &str, password: &str) {
        users::add(&self.control, user, password).await;
    }

    /// Gives a user another password. Its open connections stay.
    pub async fn change_password(&self, user: &str, password: &str) {
        users::change_password(&self.control, user, password).await;
    }

    /// Lets a user into a virtual host, with these permissions.
    pub async fn set_permissions(&self, user: &str, vhost: &str, permissions: Permissions<'_>) {
        users::set_permissions(&self.control, user, vhost, permissions).await;
    }

    /// Closes all connections from the broker's side; says how many there were.
    pub async fn close_connections(&mut self) -> usize {
        connections::close_all(&self.control).await
    }

    /// Raises or clears the memory alarm: while it is on, publishing connections are blocked. In force when this
    /// returns.
    pub async fn alarm(&mut self, on: bool) {
        alarm::set(&self.control, on).await;
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        if let Some(mut node) = self.node.take() {
            node.kill();
            self.watchdog.forget();
        }
    }
}

/// The `rabbitmq-server` to start.
fn server() -> PathBuf {
    match find::folder() {
        Ok(Some(folder)) => folder.join("rabbitmq-server"),
        Ok(None) => panic!(
            "no RabbitMQ found for this test: run `cargo xtask test`, which finds or installs one, or set {} to the \
             folder of `rabbitmq-server`",
            find::VARIABLE
        ),
        Err(reason) => panic!("{reason}"),
    }
}
