use std::collections::BTreeMap;

use serde::Deserialize;

use super::control::{Control, binary};

/// A queue as the broker sees it at this moment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct QueueInfo {
    /// Its name.
    pub name: String,
    /// `classic`, `quorum` or `stream`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The messages that wait in it; those at a consumer, not acknowledged yet, do not count. Asked of the queue
    /// itself: RabbitMQ's own statistics can be five seconds old.
    pub messages: u64,
    /// The consumers that are attached to it.
    pub consumers: u64,
    /// The arguments it was declared with; RabbitMQ 4 adds `x-queue-type`.
    pub arguments: BTreeMap<String, serde_json::Value>,
}

/// All queues of a virtual host, by name.
pub(super) async fn list(control: &Control, vhost: &str) -> Vec<QueueInfo> {
    let expression = format!(
        r#"Text = fun(V) when is_binary(V); is_number(V); is_boolean(V) -> V;
                     (V) -> iolist_to_binary(io_lib:format("~0p", [V])) end,
           Info = fun(Q) ->
               {{resource, _, queue, Name}} = amqqueue:get_name(Q),
               {{ok, Messages, Consumers}} = rabbit_amqqueue:stat(Q),
               Type = lists:nth(2, string:split(atom_to_list(amqqueue:get_type(Q)), "_")),
               Arguments = [{{Key, Text(Value)}} || {{Key, _, Value}} <- amqqueue:get_arguments(Q)],
               #{{name => Name, type => list_to_binary(hd(string:split(Type, "_"))), messages => Messages,
                 consumers => Consumers, arguments => maps:from_list(Arguments)}}
           end,
           iolist_to_binary(rabbit_json:encode([Info(Q) || Q <- rabbit_amqqueue:list({})]))"#,
        binary(vhost)
    );
    let text = control.eval(&expression).await;
    let mut queues: Vec<QueueInfo> = serde_json::from_str(&text).expect("the broker lists its queues");
    queues.sort_by(|one, other| one.name.cmp(&other.name));
    queues
}
