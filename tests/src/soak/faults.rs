use std::{fmt, time::Duration};

use tokio::time::sleep;

use super::options::FaultKind;
use crate::broker::Broker;

/// One thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Kill { down: Duration },
    Stop { down: Duration },
    CloseAll,
    CloseOne { pick: usize },
    CloseChannel { pick: usize },
    Freeze { lasts: Duration },
    Alarm { lasts: Duration },
}

impl Fault {
    pub(super) fn kind(self) -> FaultKind {
        match self {
            Self::Kill { .. } => FaultKind::Kill,
            Self::Stop { .. } => FaultKind::Stop,
            Self::CloseAll => FaultKind::Close,
            Self::CloseOne { .. } => FaultKind::CloseOne,
            Self::CloseChannel { .. } => FaultKind::Channel,
            Self::Freeze { .. } => FaultKind::Freeze,
            Self::Alarm { .. } => FaultKind::Alarm,
        }
    }

    /// Whether all connections are surely lost: only new ones count as recovered then.
    pub(super) fn loses_connections(self) -> bool {
        matches!(self, Self::Kill { .. } | Self::Stop { .. } | Self::CloseAll)
    }

    /// Makes it happen, and returns when the broker could serve again; a broker that is down is left to be started.
    /// The lengths of faults are what they are about, hence the sleeps.
    pub(super) async fn inject(self, broker: &mut Broker) {
        match self {
            Self::Kill { down } => {
                broker.kill().await;
                sleep(down).await;
            }
            Self::Stop { down } => {
                broker.stop().await;
                sleep(down).await;
            }
            Self::CloseAll => drop(broker.close_connections().await),
            Self::CloseOne { pick } => drop(broker.eval(&close_one(pick)).await),
            Self::CloseChannel { pick } => drop(broker.eval(&close_channel(pick)).await),
            Self::Freeze { lasts } => {
                broker.freeze().await;
                sleep(lasts).await;
                broker.thaw().await;
            }
            Self::Alarm { lasts } => {
                broker.alarm(true).await;
                sleep(lasts).await;
                broker.alarm(false).await;
            }
        }
    }

    /// Whether the broker is left to be started.
    pub(super) fn leaves_it_down(self) -> bool {
        matches!(self, Self::Kill { .. } | Self::Stop { .. })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.kind().name();
        match self {
            Self::Kill { down } | Self::Stop { down } => write!(f, "{name}, {} ms down", down.as_millis()),
            Self::Freeze { lasts } | Self::Alarm { lasts } => write!(f, "{name}, {} ms", lasts.as_millis()),
            Self::CloseAll | Self::CloseOne { .. } | Self::CloseChannel { .. } => f.write_str(name),
        }
    }
}

/// Closes one of the connections there are. It may end while it is asked.
fn close_one(pick: usize) -> String {
    one_of(
        "rabbit_networking:connections()",
        pick,
        "catch rabbit_networking:close_connection(It, \"closed by the soak\")",
    )
}

/// Has the broker close one of the channels there are, with 404: by a passive declare of what is not there, put into
/// the channel as if its client had asked.
fn close_channel(pick: usize) -> String {
    one_of(
        "rabbit_channel:list()",
        pick,
        "gen_server:cast(It, {method, {'queue.declare',0,<<\"soak.no-such-queue\">>,true,false,false,false,false,[]}, none, noflow})",
    )
}

fn one_of(all: &str, pick: usize, action: &str) -> String {
    format!(
        "pg_local:sync(),
         case {all} of
             [] -> none;
             All -> It = lists:nth(1 + {pick} rem length(All), All), {action}, done
         end"
    )
}
