use std::sync::atomic::{AtomicU32, Ordering};

use super::{
    address::Address,
    connections,
    control::{Control, binary},
    queues::{self, QueueInfo},
    users::{self, ADMINISTRATOR, Permissions},
};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A virtual host of one test: nothing of other tests is in it. Deleted when dropped, as far as the broker answers.
#[derive(Debug)]
pub struct VirtualHost {
    name: String,
    address: Address,
    control: Control,
}

impl VirtualHost {
    pub(super) async fn create(address: Address, control: Control) -> Self {
        let name = format!("test-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        control.eval(&format!("ok = rabbit_vhost:add({}, <<\"leveret-tests\">>)", binary(&name))).await;
        let vhost = Self { name, address, control };
        vhost.set_permissions(ADMINISTRATOR.0, Permissions::ALL).await;
        vhost
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL by which the administrator opens it.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_for(ADMINISTRATOR.0, ADMINISTRATOR.1)
    }

    /// The URL by which a user opens it.
    #[must_use]
    pub fn url_for(&self, user: &str, password: &str) -> String {
        self.address.url(user, password, &self.name)
    }

    /// Its queues, by name.
    pub async fn list_queues(&self) -> Vec<QueueInfo> {
        queues::list(&self.control, &self.name).await
    }

    /// Lets a user in, with these permissions.
    pub async fn set_permissions(&self, user: &str, permissions: Permissions<'_>) {
        users::set_permissions(&self.control, user, &self.name, permissions).await;
    }

    /// Deletes it now, and returns when it is gone: for measurements that shall not pay for what was before them.
    pub async fn delete(self) {
        self.control.eval(&self.deletion()).await;
    }

    fn deletion(&self) -> String {
        format!("VHost = {},{DELETE}", binary(&self.name))
    }

    /// Closes the connections to this virtual host from the broker's side; says how many there were.
    pub async fn close_connections(&self) -> usize {
        connections::close_in(&self.control, &self.name).await
    }

    /// Closes the connections to this virtual host that a client gave this name; says how many there were.
    pub async fn close_connections_named(&self, name: &str) -> usize {
        connections::close_named(&self.control, &self.name, name).await
    }
}

/// Deletes a virtual host once its quorum queues have found their leaders and those their workers.
///
/// A worker of at-least-once dead-lettering that is only coming up when its queue is deleted fails, again and again. On
/// RabbitMQ 3.10 that ends the supervisor of all of them, and any quorum queue that comes up in that moment dies for good.
const DELETE: &str = "
    [catch ra:leader_query(amqqueue:get_pid(Queue), fun(_) -> ok end)
        || Queue <- rabbit_amqqueue:list(VHost), amqqueue:get_type(Queue) =:= rabbit_quorum_queue],
    [catch sys:get_state(Worker) || {_, Worker, _, _} <- supervisor:which_children(rabbit_fifo_dlx_sup)],
    rabbit_vhost:delete(VHost, <<\"leveret-tests\">>)";

impl Drop for VirtualHost {
    fn drop(&mut self) {
        // A broker that is stopped or frozen keeps it, and takes it along when it is removed itself.
        let _ = self.control.fire(&self.deletion());
    }
}
