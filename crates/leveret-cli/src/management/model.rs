use serde::Deserialize;
use serde_json::Value;

/// What a virtual host and its broker look like at this moment, or a few seconds ago.
#[derive(Debug, Clone, Default)]
pub(crate) struct Snapshot {
    pub(crate) version: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) queues: Vec<Queue>,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) bindings: Vec<Binding>,
}

/// What is declared in a virtual host.
#[derive(Debug, Clone, Default)]
pub(crate) struct Declared {
    pub(crate) queues: Vec<Queue>,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) bindings: Vec<Binding>,
}

/// What it writes where it does not answer.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Refusal {
    pub(super) reason: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Overview {
    #[serde(default)]
    pub(super) rabbitmq_version: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) running: bool,
    pub(crate) mem_alarm: bool,
    pub(crate) disk_free_alarm: bool,
    pub(crate) partitions: Vec<Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Queue {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) durable: bool,
    pub(crate) exclusive: bool,
    pub(crate) auto_delete: bool,
    /// Missing for a queue that is younger than the broker's statistics.
    pub(crate) messages: Option<u64>,
    pub(crate) consumers: Option<u64>,
    /// What a quorum queue could not dead-letter yet.
    pub(crate) messages_dlx: Option<u64>,
    pub(crate) arguments: Value,
    pub(crate) effective_policy_definition: Value,
}

impl Queue {
    pub(crate) fn kind(&self) -> &str {
        let declared = self.arguments.get("x-queue-type").and_then(Value::as_str);
        self.kind.as_deref().or(declared).unwrap_or("classic")
    }

    /// What the queue was declared with, such as `x-overflow`.
    pub(crate) fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.get(name).and_then(Value::as_str)
    }

    /// The number in force under a name such as `max-length`: the smaller of what the queue was declared with and what
    /// policies say.
    pub(crate) fn limit(&self, name: &str) -> Option<i64> {
        let declared = self.arguments.get(format!("x-{name}")).and_then(Value::as_i64);
        let policy = self.effective_policy_definition.get(name).and_then(Value::as_i64);
        declared.into_iter().chain(policy).min()
    }

    /// The text in force under a name such as `overflow`.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.argument(&format!("x-{name}"))
            .or_else(|| self.effective_policy_definition.get(name).and_then(Value::as_str))
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Exchange {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) durable: bool,
    pub(crate) auto_delete: bool,
    pub(crate) internal: bool,
    pub(crate) arguments: Value,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Binding {
    pub(crate) source: String,
    pub(crate) destination: String,
    pub(crate) destination_type: String,
    pub(crate) routing_key: String,
    pub(crate) arguments: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_brokers_write() {
        let text = r#"{"name":"q","type":"quorum","arguments":{"x-max-length":9,"x-overflow":"drop-head"},
            "effective_policy_definition":{"max-length":7,"delivery-limit":3},"messages_dlx":2,"garbage":[1]}"#;
        let queue: Queue = serde_json::from_str(text).unwrap();
        assert_eq!(
            (queue.kind(), queue.limit("max-length"), queue.limit("delivery-limit")),
            ("quorum", Some(7), Some(3))
        );
        assert_eq!((queue.setting("overflow"), queue.messages_dlx), (Some("drop-head"), Some(2)));
        // Older brokers write an empty list for no policy.
        let old: Queue = serde_json::from_str(r#"{"name":"q","effective_policy_definition":[]}"#).unwrap();
        assert_eq!((old.kind(), old.limit("max-length"), old.setting("overflow")), ("classic", None, None));
    }
}
