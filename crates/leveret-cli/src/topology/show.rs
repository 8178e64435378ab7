use leveret::{
    contracts::DescribedEndpoint,
    topology::{Queue, Topology},
};

use super::arguments::shown;
use crate::table::Table;

/// What an endpoint declares, for people.
pub(super) fn show(endpoint: &DescribedEndpoint, plan: &Topology) -> String {
    let mut table = Table::new([("OBJECT", 10), ("NAME", 80), ("DETAIL", 160)]);
    let mut row = |object: &str, name: &str, detail: String| {
        table.row([object.to_owned(), name.to_owned(), detail]);
    };
    for exchange in &plan.exchanges {
        row("exchange", &exchange.name, exchange.kind.as_str().to_owned());
    }
    for queue in &plan.queues {
        let mut arguments = arguments(queue).into_iter();
        row("queue", &queue.name, arguments.next().unwrap_or_else(|| "without arguments".to_owned()));
        for argument in arguments {
            row("", "", argument);
        }
    }
    for (at, binding) in plan.bindings.iter().enumerate() {
        // The first one is that of commands, by the name of the queue.
        let handlers: Vec<&str> = handlers(endpoint, &binding.key).filter(|_| at > 0).collect();
        let asked_by =
            if handlers.is_empty() { String::new() } else { format!(", for {}", handlers.join(", ")) };
        row("binding", &binding.exchange, format!("by {} to {}{asked_by}", binding.key, binding.queue));
    }
    let name = &endpoint.name;
    format!(
        "The endpoint {name} declares when it starts, all of it durable:\n\n{}\n\
         And on first use: the queue {name}.replies.<instance> by a request; the levels leveret.delay.v1.16.0 to 30,\n\
         shared by all endpoints, by a message that waits.\n",
        table.render()
    )
}

fn arguments(queue: &Queue) -> Vec<String> {
    queue.arguments.iter().map(|(name, value)| format!("{name} {}", shown(value))).collect()
}

/// The handlers that subscribe by a pattern.
fn handlers<'a>(endpoint: &'a DescribedEndpoint, pattern: &str) -> impl Iterator<Item = &'a str> {
    let routes = endpoint.routes.iter().filter(move |route| route.topic.as_deref() == Some(pattern));
    routes.map(|route| route.handler.as_str())
}

#[cfg(test)]
mod tests {
    use leveret::topology::{Layout, QueueOptions};

    use super::*;

    #[test]
    fn what_an_endpoint_declares() {
        let route =
            r#"{ "handler": "placed", "kind": "event", "message": "OrderPlaced", "topic": "orders.*" }"#;
        let endpoint = format!(r#"{{ "name": "billing", "routes": [{route}] }}"#);
        let endpoint: DescribedEndpoint = serde_json::from_str(&endpoint).unwrap();
        let shown = show(&endpoint, &endpoint.topology(&Layout::default()));
        let expected = "\
OBJECT    NAME           DETAIL
exchange  PikaBusDirect  direct
exchange  PikaBusTopic   topic
queue     error          without arguments
queue     billing        x-queue-type \"quorum\"
                         x-delivery-limit 20
                         x-dead-letter-exchange \"\"
                         x-dead-letter-routing-key \"error\"
                         x-dead-letter-strategy \"at-least-once\"
                         x-overflow \"reject-publish\"
binding   PikaBusDirect  by billing to billing
binding   PikaBusTopic   by orders.* to billing, for placed
";
        assert!(shown.contains(expected), "{shown}");
        let plain = show(&endpoint, &endpoint.topology(&Layout::default().queue(QueueOptions::plain())));
        assert!(plain.contains("queue     billing        without arguments\n"), "{plain}");
    }
}
