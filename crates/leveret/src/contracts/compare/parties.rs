use crate::{
    contracts::{DescribedContract, Description},
    message::MessageKind,
};

/// Who writes and who reads a contract, before and after a change.
#[derive(Debug)]
pub(super) struct Parties {
    /// Who reads it, built with the change.
    pub(super) new_reader: String,
    /// Who reads it, built before the change.
    pub(super) old_reader: String,
    /// What was written before the change.
    pub(super) old_writing: String,
    /// What is written after it.
    pub(super) new_writing: String,
    /// What helps against readers that are too old.
    pub(super) order: String,
}

impl Parties {
    /// The readers of `contract`, as far as the endpoints of `now` tell.
    pub(super) fn of(contract: &DescribedContract, now: &Description) -> Self {
        let DescribedContract { name, address, kind, .. } = contract;
        match kind {
            MessageKind::Event => {
                let readers = subscribers(now, contract);
                Self {
                    new_reader: format!("subscribers built with it ({readers})"),
                    old_reader: format!("subscribers built before it ({readers})"),
                    old_writing: "what was published before".to_owned(),
                    new_writing: "what is published now".to_owned(),
                    order: "deploy all subscribers first".to_owned(),
                }
            }
            MessageKind::Reply => {
                let asked = commands(now, name);
                Self {
                    new_reader: format!("who awaits the reply to {asked}"),
                    old_reader: format!("who awaits the reply to {asked}, built before it,"),
                    old_writing: "what an older service answers".to_owned(),
                    new_writing: "what is answered now".to_owned(),
                    order: "deploy all who ask first".to_owned(),
                }
            }
            _ => Self {
                new_reader: format!("`{address}`"),
                old_reader: format!("`{address}` built before it"),
                old_writing: "what older senders send".to_owned(),
                new_writing: "what newer senders send".to_owned(),
                order: format!("deploy `{address}` first"),
            },
        }
    }
}

/// Who subscribes to an event, in words.
fn subscribers(now: &Description, event: &DescribedContract) -> String {
    let mut found = Vec::new();
    for endpoint in &now.endpoints {
        let takes = |name: &String| *name == event.name || event.also.contains(name);
        for route in &endpoint.routes {
            let Some(topic) = &route.topic else { continue };
            if takes(&route.message) || route.also.iter().any(takes) {
                found.push(format!("`{}` by `{topic}`", endpoint.name));
            }
        }
    }
    or_whoever(found, || format!("whoever subscribes to `{}`", event.address))
}

/// The commands that promise a reply, in words.
fn commands(now: &Description, reply: &str) -> String {
    let promise = now.contracts.iter().filter(|command| command.reply.as_deref() == Some(reply));
    or_whoever(promise.map(|command| format!("`{}`", command.name)).collect(), || "a command".to_owned())
}

fn or_whoever(found: Vec<String>, whoever: impl FnOnce() -> String) -> String {
    if found.is_empty() { whoever() } else { found.join(", ") }
}
