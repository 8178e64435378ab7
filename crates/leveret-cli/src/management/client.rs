use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use ureq::Agent;

use super::{
    model::{Declared, Overview, Queue, Refusal, Snapshot},
    target::Target,
};

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest answer, in bytes: many thousand queues.
const LONGEST: u64 = 64 << 20;

/// Asks the management API. It waits on its thread.
pub(crate) struct Client {
    agent: Agent,
    target: Target,
}

impl Client {
    pub(super) fn new(target: Target) -> Self {
        // The API is beside the broker, and not behind the proxy of a browser.
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .proxy(None)
            .http_status_as_error(false) // the answer tells why
            .build();
        Self { agent: config.into(), target }
    }

    pub(crate) fn queues(&self) -> Result<Vec<Queue>, String> {
        self.get(&format!("queues/{}", self.virtual_host()))
    }

    pub(crate) fn snapshot(&self) -> Result<Snapshot, String> {
        let version = self.get::<Overview>("overview")?.rabbitmq_version;
        let nodes = self.get("nodes")?;
        let Declared { queues, exchanges, bindings } = self.declared()?;
        Ok(Snapshot { version, nodes, queues, exchanges, bindings })
    }

    /// What is declared in the virtual host: less than a snapshot, and allowed to more users.
    pub(crate) fn declared(&self) -> Result<Declared, String> {
        let virtual_host = self.virtual_host();
        Ok(Declared {
            queues: self.queues()?,
            exchanges: self.get(&format!("exchanges/{virtual_host}"))?,
            bindings: self.get(&format!("bindings/{virtual_host}"))?,
        })
    }

    fn virtual_host(&self) -> String {
        utf8_percent_encode(&self.target.virtual_host, NON_ALPHANUMERIC).to_string()
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, String> {
        let Target { base, user, password, .. } = &self.target;
        let login = STANDARD.encode(format!("{user}:{password}"));
        let request =
            self.agent.get(format!("{base}/api/{path}")).header("Authorization", format!("Basic {login}"));
        let mut response = request.call().map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(LONGEST).read_to_string();
        let text = text.map_err(|error| error.to_string())?;
        if status != 200 {
            return Err(self.refusal(status, &text));
        }
        serde_json::from_str(&text)
            .map_err(|error| format!("its answer to `{path}` is not understood: {error}"))
    }

    /// What it means that it does not answer, and what it says itself.
    fn refusal(&self, status: u16, text: &str) -> String {
        let meaning = match status {
            401 => "it does not accept user and password".to_owned(),
            403 => "the user may not ask it: it needs the tag `monitoring`".to_owned(),
            404 => format!(
                "there is no virtual host `{}`, or this is no management API",
                self.target.virtual_host
            ),
            _ => format!("it answers with status {status}"),
        };
        let reason = serde_json::from_str::<Refusal>(text).ok().and_then(|refusal| refusal.reason);
        match reason {
            Some(reason) => format!("{meaning} ({reason})"),
            None => meaning,
        }
    }
}
