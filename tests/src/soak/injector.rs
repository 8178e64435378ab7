use std::time::Duration;

use tokio::{sync::watch, time::sleep};

use super::{
    faults::Fault,
    recovery::{Before, accepting, recovered},
    schedule::Schedule,
    world::World,
};
use crate::broker::Broker;

/// A quorum queue that was declared just before a SIGKILL comes back empty, by the broker's own doing.
const SETTLE: Duration = Duration::from_secs(3);

/// One fault that is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outage {
    pub(super) fault: Fault,
    /// From its end (the broker's port accepts again, the connections are closed, the broker is thawed, the alarm is
    /// off) to sending and consuming again; `None` when that took too long.
    pub(super) recovery: Option<Duration>,
}

/// Injects one fault after another, until the run is over; the last one is seen to its end.
pub(super) async fn inject(
    broker: &mut Broker,
    schedule: Schedule,
    world: &World,
    mut over: watch::Receiver<bool>,
    faults: &watch::Sender<u32>,
) -> Vec<Outage> {
    let mut outages = Vec::new();
    let mut wait = SETTLE;
    for step in schedule {
        tokio::select! {
            () = sleep(wait + step.pause) => {}
            _ = over.wait_for(|over| *over) => return outages,
        }
        wait = Duration::ZERO;
        let outage = carry_out(step.fault, broker, world).await;
        faults.send_modify(|count| *count += 1);
        let recovery =
            outage.recovery.map_or("NOT RECOVERED".to_owned(), |time| format!("{} ms", time.as_millis()));
        println!("  fault {:>3}: {} -> again after {recovery}", outages.len() + 1, step.fault);
        outages.push(outage);
    }
    let _ = over.wait_for(|over| *over).await; // without faults; its sender lives as long as the run
    outages
}

async fn carry_out(fault: Fault, broker: &mut Broker, world: &World) -> Outage {
    let before = fault.loses_connections().then(|| Before::now(world));
    fault.inject(broker).await;
    let recovery = if fault.leaves_it_down() {
        let port = broker.port();
        let recovery = async {
            accepting(port).await;
            recovered(world, before).await
        };
        tokio::join!(broker.start_again(), recovery).1
    } else {
        recovered(world, before).await
    };
    Outage { fault, recovery }
}
