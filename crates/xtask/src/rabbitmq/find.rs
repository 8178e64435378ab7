//! Where RabbitMQ is. Shared with the broker fixture, which includes this file.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// Names the folder with `rabbitmq-server` and `rabbitmqctl`: another generation than the installed one, for example.
pub(crate) const VARIABLE: &str = "LEVERET_RABBITMQ_BIN";

/// Where packages put the scripts themselves. What Debian has in `/usr/sbin` changes to another user first; it comes
/// last, with the rest of `PATH`.
const USUAL: [&str; 3] = ["/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin"];
const VERSIONS: &str = "/usr/lib/rabbitmq/lib";

/// The folder of `rabbitmq-server`, if there is one.
///
/// # Errors
/// The variable names a folder without it: not a case for looking elsewhere.
pub(crate) fn folder() -> Result<Option<PathBuf>, String> {
    match env::var_os(VARIABLE) {
        Some(folder) if has_server(Path::new(&folder)) => Ok(Some(folder.into())),
        Some(folder) => Err(format!("{VARIABLE} is {folder:?}, and no rabbitmq-server is there")),
        None => Ok(candidates().into_iter().find(|folder| has_server(folder))),
    }
}

fn candidates() -> Vec<PathBuf> {
    let usual = USUAL.iter().map(PathBuf::from);
    let versions =
        fs::read_dir(VERSIONS).into_iter().flatten().flatten().map(|entry| entry.path().join("sbin"));
    let path = env::var_os("PATH").unwrap_or_default();
    usual.chain(versions).chain(env::split_paths(&path)).collect()
}

fn has_server(folder: &Path) -> bool {
    folder.join("rabbitmq-server").is_file()
}
