use super::control::{Control, binary};

/// The user that each broker has from the start, with all permissions everywhere.
pub(super) const ADMINISTRATOR: (&str, &str) = ("guest", "guest");

/// What a user may do in a virtual host: a regular expression of names for each.
#[derive(Debug, Clone, Copy)]
pub struct Permissions<'a> {
    /// What it may declare, delete and bind to.
    pub configure: &'a str,
    /// What it may publish to.
    pub write: &'a str,
    /// What it may consume from.
    pub read: &'a str,
}

impl Permissions<'static> {
    /// Everything.
    pub const ALL: Self = Self { configure: ".*", write: ".*", read: ".*" };
    /// Nothing, not even to open the virtual host's objects; connecting is still allowed.
    pub const NONE: Self = Self { configure: "^$", write: "^$", read: "^$" };
}

pub(super) async fn add(control: &Control, user: &str, password: &str) {
    done(control, "add_user", &[user, password]).await;
}

pub(super) async fn change_password(control: &Control, user: &str, password: &str) {
    done(control, "change_password", &[user, password]).await;
}

pub(super) async fn set_permissions(
    control: &Control,
    user: &str,
    vhost: &str,
    permissions: Permissions<'_>,
) {
    let Permissions { configure, write, read } = permissions;
    done(control, "set_permissions", &[user, vhost, configure, write, read]).await;
}

/// Calls a function whose last argument is who asks for it.
async fn done(control: &Control, function: &str, arguments: &[&str]) {
    let arguments: Vec<String> =
        arguments.iter().chain([&"leveret-tests"]).map(|text| binary(text)).collect();
    let expression = format!("ok = rabbit_auth_backend_internal:{function}({})", arguments.join(", "));
    control.eval(&expression).await;
}
