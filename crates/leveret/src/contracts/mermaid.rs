use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{DescribedEndpoint, Description, keys::Keys};
use crate::{message::MessageKind, topology::Layout};

/// Messages flow from the left to the right: exchanges, queues, endpoints.
pub(super) fn flowchart(description: &Description, layout: &Layout) -> String {
    let mut endpoints: Vec<_> = description.endpoints.iter().collect();
    endpoints.sort_by(|one, other| one.name.cmp(&other.name));
    let foreign = foreign_commands(description);
    let queues = endpoints.iter().map(|endpoint| endpoint.name.as_str()).chain(foreign.keys().copied());
    // A hyphen or a dot may begin an arrow.
    let keys = Keys::new(queues, |letter| letter.is_ascii_alphanumeric() || letter == '_');

    let mut chart = Chart { lines: "flowchart LR\n".to_owned(), keys };
    chart.line(&format!("direct{{{{{}}}}}", quoted([&layout.exchanges.direct])));
    chart.line(&format!("topic{{{{{}}}}}", quoted([&layout.exchanges.topic])));
    for endpoint in &endpoints {
        chart.endpoint(endpoint, commands(description, &endpoint.name));
    }
    for (queue, commands) in foreign {
        chart.queue(queue);
        chart.arrow("direct", &commands, &format!("queue_{}", chart.keys.of(queue)));
    }
    chart.published(description);
    if !endpoints.is_empty() {
        chart.line(&format!("error[({})]", quoted([&layout.error_queue_name])));
    }
    for endpoint in &endpoints {
        chart.line(&format!("queue_{} -. failed .-> error", chart.keys.of(&endpoint.name)));
    }
    chart.lines
}

struct Chart {
    lines: String,
    keys: Keys,
}

impl Chart {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.lines, "    {line}");
    }

    fn arrow(&mut self, from: &str, label: &BTreeSet<&str>, to: &str) {
        self.line(&format!("{from} -->|{}| {to}", quoted(label)));
    }

    fn queue(&mut self, name: &str) {
        self.line(&format!("queue_{}[({})]", self.keys.of(name), quoted([name])));
    }

    /// Its queue, what leads there, and what takes from it.
    fn endpoint<'a>(&mut self, endpoint: &'a DescribedEndpoint, mut commands: BTreeSet<&'a str>) {
        let key = self.keys.of(&endpoint.name);
        let replies = endpoint.routes.iter().filter(|route| route.kind == MessageKind::Reply);
        commands.extend(replies.map(|route| route.message.as_str()));
        if commands.is_empty() {
            commands.insert(&endpoint.name);
        }
        self.queue(&endpoint.name);
        self.line(&format!("endpoint_{key}([{}])", quoted([&endpoint.name])));
        self.arrow("direct", &commands, &format!("queue_{key}"));
        let patterns: BTreeSet<_> =
            endpoint.routes.iter().filter_map(|route| route.topic.as_deref()).collect();
        for pattern in patterns {
            self.arrow("topic", &BTreeSet::from([pattern]), &format!("queue_{key}"));
        }
        self.line(&format!("queue_{key} --> endpoint_{key}"));
    }

    /// Events, from their owners, or from whoever publishes them.
    fn published(&mut self, description: &Description) {
        let mut published: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
        for event in description.contracts.iter().filter(|contract| contract.kind == MessageKind::Event) {
            let known = |owner: &&str| description.endpoints.iter().any(|endpoint| endpoint.name == **owner);
            let owner = event.owner.as_deref().filter(known);
            published.entry(owner).or_default().insert(&event.address);
        }
        for (owner, topics) in published {
            match owner {
                Some(owner) => self.arrow(&format!("endpoint_{}", self.keys.of(owner)), &topics, "topic"),
                None => {
                    self.line("publishers([publishers])");
                    self.arrow("publishers", &topics, "topic");
                }
            }
        }
    }
}

/// The commands of an endpoint: what it handles, and what its contracts say.
fn commands<'a>(description: &'a Description, endpoint: &str) -> BTreeSet<&'a str> {
    let contracts = description.contracts.iter().filter(|contract| contract.address == endpoint);
    let contracts = contracts.map(|contract| (contract.kind, contract.name.as_str()));
    let routes = description.endpoints.iter().filter(|described| described.name == endpoint);
    let routes =
        routes.flat_map(|endpoint| &endpoint.routes).map(|route| (route.kind, route.message.as_str()));
    contracts.chain(routes).filter(|(kind, _)| *kind == MessageKind::Command).map(|(_, name)| name).collect()
}

/// Commands to endpoints that are not in the catalogue, by the endpoint.
fn foreign_commands(description: &Description) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut foreign: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for command in description.contracts.iter().filter(|contract| contract.kind == MessageKind::Command) {
        if description.endpoints.iter().all(|endpoint| endpoint.name != command.address) {
            foreign.entry(&command.address).or_default().insert(&command.name);
        }
    }
    foreign
}

/// A label, each name on a line of its own.
fn quoted<N: AsRef<str>>(names: impl IntoIterator<Item = N>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| escaped(name.as_ref())).collect();
    format!("\"{}\"", names.join("<br/>"))
}

/// What Mermaid would take for its own: quotes, the `#` of its entities, HTML and Markdown.
fn escaped(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            letter if letter.is_control() => escaped.push(' '),
            '"' | '#' | '&' | '<' | '>' | '*' | '_' | '`' | '~' | '\\' | '[' | ']' => {
                let _ = write!(escaped, "#{};", u32::from(letter));
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}
