//! Contracts that were renamed: what is still on its way under the old name, or comes from an older service.

use leveret::{HandlerError, Message, handler};
use serde::{Deserialize, Serialize};

use super::{
    Env,
    steps::{Tell, channel, counts},
};

/// The contracts of a service that was not deployed yet.
mod before {
    use super::{Deserialize, Message, Serialize};

    #[derive(Serialize, Deserialize, Message)]
    #[message(command, endpoint = "till", reply = Paid)]
    pub(super) struct Pay {
        pub(super) n: u32,
    }

    #[derive(Debug, Serialize, Deserialize, Message)]
    #[message(reply)]
    pub(super) struct Paid {
        pub(super) n: u32,
    }

    #[derive(Serialize, Deserialize, Message)]
    #[message(event, topic = "till.opened")]
    pub(super) struct Opened {
        pub(super) n: u32,
    }
}

/// The same contracts under their new names.
mod after {
    use super::{Deserialize, Message, Serialize};

    #[derive(Serialize, Deserialize, Message)]
    #[message(command, endpoint = "till", reply = PaidByCard, also = "till.Pay", also = "Pay")]
    pub(super) struct PayByCard {
        pub(super) n: u32,
    }

    #[derive(Debug, PartialEq, Eq, Serialize, Deserialize, Message)]
    #[message(reply, also = "Paid")]
    pub(super) struct PaidByCard {
        pub(super) n: u32,
    }

    #[derive(Serialize, Deserialize, Message)]
    #[message(event, topic = "till.opened", also = "Opened")]
    pub(super) struct TillOpened {
        pub(super) n: u32,
    }
}

/// The service that was deployed first.
struct Till(Tell<u32>);

#[handler(endpoint = "till")]
impl Till {
    #[handler]
    async fn pay(&self, command: after::PayByCard) -> Result<after::PaidByCard, HandlerError> {
        Ok(after::PaidByCard { n: command.n })
    }

    #[handler]
    async fn opened(&self, event: after::TillOpened) -> Result<(), HandlerError> {
        self.0.tell(event.n);
        Ok(())
    }

    #[handler]
    async fn paid(&self, reply: after::PaidByCard) -> Result<(), HandlerError> {
        self.0.tell(reply.n);
        Ok(())
    }
}

/// The service that was deployed last.
struct OldTill;

#[handler(endpoint = "till")]
impl OldTill {
    #[handler]
    async fn pay(&self, command: before::Pay) -> Result<before::Paid, HandlerError> {
        Ok(before::Paid { n: command.n })
    }
}

/// Commands, events and replies that an older service sends reach the handlers of the new names.
pub async fn older_senders_are_understood(env: &Env) {
    let (tell, mut heard) = channel();
    let till = env.start(env.bus().endpoint(Till(tell))).await;
    let sender = env.sender().await;
    sender.publish(before::Opened { n: 1 }).await.unwrap();
    assert_eq!(heard.next().await, 1);
    assert_eq!(sender.request(before::Pay { n: 2 }).await.unwrap().n, 2);
    for name in ["Pay", "till.Pay", "PayByCard"] {
        sender.send_raw("till", name, r#"{"n":3}"#).await.unwrap();
    }
    counts(&till, "commands", |counts| counts.handled == 5).await;
    sender.send_raw("till", "Paid", r#"{"n":4}"#).await.unwrap();
    assert_eq!(heard.next().await, 4);
    assert_eq!(till.counts().failed, 0);
}

/// The other way round: who asks under the new name is answered under the old one, once the command has arrived.
pub async fn older_repliers_are_understood(env: &Env) {
    env.start(env.bus().endpoint(OldTill)).await;
    let sender = env.sender().await;
    let paid = sender.request(after::PayByCard { n: 5 }).header("PikaBus.MessageType", "Pay").await.unwrap();
    assert_eq!(paid, after::PaidByCard { n: 5 });
}

/// A subscription to a former name is one to the handler of the new one.
pub async fn subscriptions_go_by_each_name(env: &Env) {
    let (tell, mut heard) = channel();
    let till = env.start(env.bus().endpoint(Till(tell))).await;
    till.unsubscribe::<before::Opened>().await.unwrap();
    env.sender().await.publish(before::Opened { n: 6 }).await.unwrap_err();
    till.subscribe::<before::Opened>().await.unwrap();
    env.sender().await.publish(after::TillOpened { n: 7 }).await.unwrap();
    assert_eq!(heard.next().await, 7);
}
