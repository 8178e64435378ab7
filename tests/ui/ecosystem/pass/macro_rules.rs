//! Contracts and services that `macro_rules!` writes, from every kind of fragment.

#![deny(warnings)]

use leveret::{AnyMessage, Context, Endpoint, HandlerError, Message, handler, message::MessageKind};
use serde::{Deserialize, Serialize};

macro_rules! contracts {
    ($(
        $(#[$meta:meta])*
        $vis:vis $kind:ident $name:ident $({ $($field:ident: $of:ty),* $(,)? })? on $address:literal $(=> $reply:ty)?;
    )*) => {$(
        contracts!(@one [$(#[$meta])*] [$vis] $kind $name [$($($field: $of),*)?] $address [$($reply)?]);
    )*};
    (@one [$($meta:tt)*] [$vis:vis] command $name:ident [$($fields:tt)*] $address:literal [$reply:ty]) => {
        #[derive(Serialize, Deserialize, Message)]
        #[message(command, endpoint = $address, reply = $reply)]
        $($meta)*
        $vis struct $name { $($fields)* }
    };
    (@one [$($meta:tt)*] [$vis:vis] event $name:ident [$($fields:tt)*] $address:literal []) => {
        #[derive(Serialize, Deserialize, Message)]
        #[message(event, topic = $address)]
        $($meta)*
        $vis struct $name { $($fields)* }
    };
}

contracts! {
    #[derive(Debug)]
    pub command Charge { cents: u64, order: Option<Vec<u8>> } on "billing" => answers::Receipt;
    pub event Charged { cents: u64 } on "billing.charged";
    pub event Closed on "billing.closed";
}

mod answers {
    macro_rules! reply {
        ($item:item) => {
            #[derive(serde::Serialize, serde::Deserialize, leveret::Message)]
            #[message(reply)]
            $item
        };
    }
    reply! {
        pub struct Receipt {
            pub authorised: bool,
        }
    }
}

/// A topic that is not a literal any more, but an expression.
macro_rules! event_on {
    ($name:ident, $key:ident = $topic:expr, $mandatory:expr) => {
        #[derive(Serialize, Deserialize, Message)]
        #[message(event, $key = $topic, mandatory = $mandatory)]
        pub struct $name;
    };
}
event_on!(Opened, topic = "billing.opened", false);

macro_rules! service {
    (
        $(#[$meta:meta])*
        $vis:vis $service:ty = $endpoint:expr;
        $($(#[topic = $topic:expr])? fn $method:ident($message:ty $(, $ctx:ident: $context:ty)?) -> $returned:ty $body:block)*
    ) => {
        $(#[$meta])*
        #[handler(endpoint = $endpoint)]
        impl $service {
            $(
                #[handler$((topic = $topic))?]
                $vis async fn $method(&self, message: $message $(, $ctx: $context)?) -> $returned {
                    let _ = message;
                    $(let _ = $ctx;)?
                    $body
                }
            )*
        }
    };
}

pub struct Billing;

service! {
    #[allow(clippy::missing_errors_doc)]
    pub Billing = "billing";
    fn charge(Charge, ctx: &Context) -> Result<answers::Receipt, HandlerError> { Ok(answers::Receipt { authorised: true }) }
    #[topic = "billing.*"]
    fn charged(Charged) -> Result<(), HandlerError> { Ok(()) }
    fn closed(crate::Closed) -> Result<(), HandlerError> { Ok(()) }
    #[topic = "audit.#"]
    fn audit(AnyMessage) -> Result<(), HandlerError> { Ok(()) }
}

pub struct Whole;

/// The whole block as one fragment, and methods as fragments.
macro_rules! whole {
    ($block:item) => {
        #[handler(endpoint = "billing")]
        $block
    };
}
whole! {
    impl Whole {
        #[handler]
        async fn charge(&self, command: Charge) -> Result<answers::Receipt, HandlerError> {
            Ok(answers::Receipt { authorised: command.cents < 100 })
        }
    }
}

pub struct Parts;

macro_rules! parts {
    ($($method:item)*) => {
        #[handler(endpoint = "billing")]
        impl Parts {
            $($method)*
        }
    };
}
parts! {
    #[handler]
    async fn charge(&self, command: Charge) -> Result<answers::Receipt, HandlerError> {
        Ok(answers::Receipt { authorised: self.is_small(command.cents) })
    }

    fn is_small(&self, cents: u64) -> bool {
        cents < 100
    }
}

fn main() {
    assert_eq!(Charge::CONTRACT.reply, Some("Receipt"));
    assert_eq!((Charged::ADDRESS, Closed::CONTRACT.kind), ("billing.charged", MessageKind::Event));
    assert_eq!((Opened::ADDRESS, Opened::MANDATORY), ("billing.opened", false));
    let topics: Vec<_> = Billing::ROUTES.iter().map(|route| (route.handler, route.topic)).collect();
    let expected = [
        ("charge", None),
        ("charged", Some("billing.*")),
        ("closed", Some("billing.closed")),
        ("audit", Some("audit.#")),
    ];
    assert_eq!(topics, expected);
    assert_eq!((Whole::ROUTES.len(), Parts::ROUTES.len()), (1, 1));
}
