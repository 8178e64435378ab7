use std::{collections::BTreeMap, sync::Arc, time::Duration};

use leveret::transport::{Transport, TransportErrorKind};

use crate::{
    args::{Common, Queues},
    connect::connect,
    exit::{Failure, Outcome},
    management::{self, Queue},
    out::{complain, say},
    table::Table,
};

const FAREWELL: Duration = Duration::from_secs(10);

/// What is shown of a queue.
struct Row {
    ready: Option<u32>,
    described: Option<Queue>,
}

pub(crate) async fn run(common: &Common, options: &Queues) -> Result<Outcome, Failure> {
    let transport = connect(common).await?;
    let shown = look(common, options, &transport).await;
    transport.close(FAREWELL).await;
    shown
}

async fn look(common: &Common, options: &Queues, transport: &Arc<dyn Transport>) -> Result<Outcome, Failure> {
    let described = management::ask(common, management::Client::queues).await?;
    if let Err(reason) = &described {
        complain(&format!("{reason}; types and consumers are not known without it"));
        if options.names.is_empty() {
            complain("without it queues cannot be listed either: name those you want to see");
        }
    }
    let mut known: BTreeMap<String, Queue> =
        described.unwrap_or_default().into_iter().map(|queue| (queue.name.clone(), queue)).collect();
    let names = match (options.names.is_empty(), known.is_empty()) {
        (false, _) => options.names.clone(),
        (true, false) => known.keys().cloned().collect(),
        (true, true) => vec![common.queue.clone()],
    };
    let mut missing = false;
    let mut table =
        Table::new([("QUEUE", 80), ("READY", 10), ("CONSUMERS", 10), ("TYPE", 10), ("STATE", 12)]);
    for name in names {
        // The management API may be some seconds behind.
        let ready = match transport.queue_depth(&name).await {
            Ok(ready) => Some(ready),
            Err(error) if matches!(error.kind(), TransportErrorKind::NotFound { .. }) => {
                complain(&format!("the queue `{name}` does not exist"));
                missing = true;
                continue;
            }
            // Exclusive to another connection, or forbidden: the other columns still tell something.
            Err(error) if !error.is_retryable() => None,
            Err(error) => return Err(error.into()),
        };
        table.row(cells(&name, &Row { ready, described: known.remove(&name) }));
    }
    say(&table.render())?;
    Ok(Outcome::wanting_if(missing))
}

fn cells(name: &str, row: &Row) -> [String; 5] {
    let or_unknown = |text: Option<String>| text.unwrap_or_else(|| "?".to_owned());
    let described = row.described.as_ref();
    [
        name.to_owned(),
        or_unknown(row.ready.map(|ready| ready.to_string())),
        or_unknown(described.and_then(|queue| queue.consumers).map(|consumers| consumers.to_string())),
        or_unknown(described.map(|queue| queue.kind().to_owned())),
        or_unknown(described.and_then(|queue| queue.state.clone())),
    ]
}
