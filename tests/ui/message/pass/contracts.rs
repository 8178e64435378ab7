//! Every key, every kind, every shape of type; nothing is warned about.

#![deny(warnings)]

use leveret::{Message, message::MessageKind};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing", reply = answers::Receipt, name = "billing.Charge")]
pub struct ChargeCard {
    pub cents: u64,
}

mod answers {
    #[derive(serde::Serialize, serde::Deserialize, leveret::Message)]
    #[message(reply)]
    pub enum Receipt {
        Authorised,
        Refused(String),
    }
}

#[derive(Serialize, Deserialize, Message)]
#[message(event, mandatory = false)]
#[message(topic = "billing.card-charged")]
pub struct CardCharged(pub u64);

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "a*b")]
pub struct r#Match;

macro_rules! event {
    ($name:ident, $topic:literal) => {
        #[derive(Serialize, Deserialize, Message)]
        #[message(event, topic = $topic)]
        pub struct $name;
    };
}
event!(Shipped, "shipping.shipped");

fn main() {
    let charge = ChargeCard::CONTRACT;
    assert_eq!((charge.name, charge.kind), ("billing.Charge", MessageKind::Command));
    assert_eq!((charge.address, charge.reply, charge.mandatory), ("billing", Some("Receipt"), true));
    let charged = CardCharged::CONTRACT;
    assert_eq!((charged.name, charged.kind), ("CardCharged", MessageKind::Event));
    assert_eq!((charged.address, charged.reply, charged.mandatory), ("billing.card-charged", None, false));
    assert_eq!(<r#Match as Message>::NAME, "Match");
    assert_eq!(Shipped::ADDRESS, "shipping.shipped");
}
