//! `leveret doctor`: rules over a snapshot of the broker, each pure.

mod broker;
mod delays;
mod endpoints;
mod error_queue;
mod subject;

use std::time::Duration;

use leveret::transport::TransportErrorKind;

use self::subject::Subject;
use crate::{
    args::Common,
    connect::connect,
    exit::{Failure, Outcome},
    layout::Exchanges,
    management::{self, Snapshot},
    out::say,
    text::one_line,
};

const FAREWELL: Duration = Duration::from_secs(10);

/// What only the management API knows.
const NOT_CHECKED: &str = "broker version, alarms, queue types, delivery and length limits, bindings, dead letters that \
                           are stuck, delay levels";

/// What a rule finds to be wrong, in a sentence that says what to do.
type Finding = String;

pub(crate) async fn run(common: &Common, exchanges: &Exchanges) -> Result<Outcome, Failure> {
    let transport = connect(common).await?;
    let depth = transport.queue_depth(&common.queue).await;
    transport.close(FAREWELL).await;
    say("ok: the broker is reachable")?;
    let mut findings = Vec::new();
    match depth {
        Ok(0) => say(&format!("ok: `{}` is empty", common.queue))?,
        Ok(depth) => say(&format!("note: {depth} messages are in `{}`", common.queue))?,
        Err(error) if matches!(error.kind(), TransportErrorKind::NotFound { .. }) => findings.push(format!(
            "there is no queue `{}`: no service has started here, or it is called otherwise (--queue)",
            common.queue
        )),
        Err(error) => return Err(error.into()),
    }
    match management::ask(common, management::Client::snapshot).await? {
        Ok(snapshot) => {
            say(&summary(&snapshot))?;
            findings.extend(examine(&snapshot, common, exchanges));
        }
        Err(reason) => {
            say(&format!("not checked: {NOT_CHECKED}: {}", one_line(&reason)))?;
        }
    }
    for finding in &findings {
        say(&format!("finding: {}", one_line(finding)))?;
    }
    if findings.is_empty() {
        say("nothing is found to be wrong")?;
    }
    Ok(Outcome::wanting_if(!findings.is_empty()))
}

fn summary(snapshot: &Snapshot) -> String {
    let kinds = |kind: &str| snapshot.queues.iter().filter(|queue| queue.kind() == kind).count();
    format!(
        "ok: RabbitMQ {} with {} nodes; {} quorum and {} classic queues",
        one_line(&snapshot.version),
        snapshot.nodes.len(),
        kinds("quorum"),
        kinds("classic")
    )
}

/// Everything that is wrong, the broker first.
fn examine(snapshot: &Snapshot, common: &Common, exchanges: &Exchanges) -> Vec<Finding> {
    let subject =
        Subject { snapshot, error_queue: &common.queue, direct: &exchanges.direct, topic: &exchanges.topic };
    [broker::examine, error_queue::examine, endpoints::examine, delays::examine]
        .into_iter()
        .flat_map(|examine| examine(&subject))
        .collect()
}
