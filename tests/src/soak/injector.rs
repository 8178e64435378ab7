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

/// Whether the process of the endpoint's queue lives: a quorum queue's is registered by a name.
const IS_ALIVE: &str = r#"{ok, Q} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"/">>, queue, <<"soak">>)),
    case amqqueue:get_pid(Q) of
        {Name, _} -> whereis(Name) =/= undefined;
        Pid -> is_process_alive(Pid)
    end"#;

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
        println!(
            "  fault {:>3}: {} -> again after {}",
            outages.len() + 1,
            step.fault,
            in_words(outage.recovery)
        );
        if outage.recovery.is_none() {
            // Whether it is the broker that is broken, and whether it still has what it confirmed.
            println!("  the broker says whether its queue is alive: {}", broker.eval(IS_ALIVE).await);
            broker.restart().await;
            println!("  the broker is restarted -> again after {}", in_words(recovered(world, None).await));
        }
        outages.push(outage);
    }
    let _ = over.wait_for(|over| *over).await; // without faults; its sender lives as long as the run
    outages
}

fn in_words(recovery: Option<Duration>) -> String {
    recovery.map_or("NOT RECOVERED".to_owned(), |time| format!("{} ms", time.as_millis()))
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
