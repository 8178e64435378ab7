use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use leveret::{Bus, HandlerError, Message, handler};
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "echo", reply = Pong)]
struct Ping(u32);

#[derive(Serialize, Deserialize, Message)]
#[message(reply)]
struct Pong(u32);

struct Echo(u32);

#[handler(endpoint = "echo")]
impl Echo {
    #[handler]
    async fn ping(&self, command: Ping) -> Result<Pong, HandlerError> {
        Ok(Pong(command.0 + self.0))
    }
}

#[tokio::test]
async fn a_url_is_one_broker_for_each_name() {
    let here = Bus::builder("memory://here").endpoint(Echo(1)).start().await.unwrap();
    let there = Bus::builder("memory://there").endpoint(Echo(100)).start().await.unwrap();
    let visitor = Bus::builder("memory://there").start().await.unwrap();
    assert_eq!(here.request(Ping(0)).await.unwrap().0, 1);
    assert_eq!(visitor.request(Ping(0)).await.unwrap().0, 100);
    let nobody = Bus::builder("memory://nowhere").start().await.unwrap();
    assert!(nobody.send(Ping(0)).await.unwrap_err().kind().is_unroutable());
    for bus in [here, there, visitor, nobody] {
        bus.shutdown().await.unwrap();
    }
}

#[tokio::test]
async fn a_signal_shuts_down() {
    for signal in [Signal::INT, Signal::TERM] {
        let bus = Bus::builder("memory://signal").endpoint(Echo(1)).start().await.unwrap();
        let mut running = pin!(bus.run_until_signal());
        // Polled once, it listens; from then on the signal does not end the process.
        let ended = poll_fn(|cx| Poll::Ready(running.as_mut().poll(cx).is_ready())).await;
        assert!(!ended);
        kill_process(getpid(), signal).unwrap();
        timeout(Duration::from_secs(10), running).await.expect("the signal is heard").unwrap();
        assert!(!bus.health().is_healthy());
    }
}
