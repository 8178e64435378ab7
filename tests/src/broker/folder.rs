use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{BrokerOptions, options::Tls};

/// The files of one broker, all in one folder under the temporary folder: configuration, data, log, home.
///
/// It is not removed here: the watchdog does it, in whatever way the test ends.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn create() -> Self {
        let folder =
            tempfile::Builder::new().prefix("leveret-broker-").tempdir().expect("a temporary folder");
        let folder = Self(folder.keep());
        for part in ["home", "data", "log"] {
            fs::create_dir(folder.join(part)).expect("a folder for the broker");
        }
        folder
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes the configuration. Listeners are on the loopback interface only.
    pub(super) fn configure(&self, options: &BrokerOptions, port: u16, tls_port: u16) {
        let mut lines = vec![
            format!("listeners.tcp.1 = 127.0.0.1:{port}"),
            // The alarm is for the tests to raise, not for a small disk.
            "disk_free_limit.absolute = 1MB".to_owned(),
        ];
        if let Some(tls) = &options.tls {
            lines.extend(self.tls_lines(tls, tls_port));
        }
        lines.extend(options.config.iter().cloned());
        self.write("rabbitmq.conf", &(lines.join("\n") + "\n"));
        self.write("advanced.config", options.advanced.as_deref().unwrap_or("[]."));
        self.write("enabled_plugins", &format!("[{}].\n", options.plugins.join(",")));
        self.write("control.erl", include_str!("control.erl"));
    }

    fn tls_lines(&self, tls: &Tls, port: u16) -> Vec<String> {
        self.write("authority.pem", &tls.authority);
        self.write("certificate.pem", &tls.certificate);
        self.write("key.pem", &tls.key);
        let verify = if tls.client_certificate { "verify_peer" } else { "verify_none" };
        vec![
            format!("listeners.ssl.1 = 127.0.0.1:{port}"),
            format!("ssl_options.cacertfile = {}", self.join("authority.pem").display()),
            format!("ssl_options.certfile = {}", self.join("certificate.pem").display()),
            format!("ssl_options.keyfile = {}", self.join("key.pem").display()),
            format!("ssl_options.verify = {verify}"),
            format!("ssl_options.fail_if_no_peer_cert = {}", tls.client_certificate),
        ]
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.join(name), text).expect("a file of the broker");
    }

    /// The end of what the broker wrote, for the message of a failed start.
    pub(super) fn complaint(&self) -> String {
        last_lines(&fs::read(self.join("output")).unwrap_or_default(), 40)
    }

    /// The end of the broker's log, for the message of a failed test.
    pub(super) fn log(&self) -> String {
        let files = fs::read_dir(self.join("log")).into_iter().flatten().flatten();
        let logs = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "log"));
        logs.map(|file| last_lines(&fs::read(file.path()).unwrap_or_default(), 300)).collect()
    }
}

fn last_lines(text: &[u8], count: usize) -> String {
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}
