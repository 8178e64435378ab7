//! Generated code names everything by its whole path, also that of a renamed crate: names of the user's do not matter.

#![deny(warnings)]

pub mod service {
    pub mod core {}
    pub mod std {}
    pub mod leveret {}
    pub struct Result;
    pub struct Option;
    pub struct String;
    pub struct Ok;
    pub struct Err;
    pub struct Box;
    pub struct Message;
    pub trait Future {}
    pub trait Send {}
    pub trait Into {}

    #[derive(::serde::Serialize, ::serde::Deserialize, ::leveret::Message)]
    #[message(command, endpoint = "billing", reply = Receipt, crate = "::leveret")]
    pub struct Charge {
        pub cents: u64,
    }

    #[derive(::serde::Serialize, ::serde::Deserialize, ::leveret::Message)]
    #[message(reply, crate = "crate::bus")]
    pub struct Receipt {
        pub authorised: bool,
    }

    #[derive(::serde::Serialize, ::serde::Deserialize, ::leveret::Message)]
    #[message(event, topic = "billing.s", owner = "billing", also = "T", crate = "crate::bus")]
    pub struct S {
        pub cents: u64,
    }

    pub struct Billing;

    #[::leveret::handler(endpoint = "billing", crate = "crate::bus")]
    impl Billing {
        #[::leveret::handler]
        async fn charge(
            &self,
            command: Charge,
            ctx: &crate::bus::Context,
        ) -> ::core::result::Result<Receipt, crate::bus::HandlerError> {
            ctx.publish(S { cents: command.cents }).await?;
            ::core::result::Result::Ok(Receipt { authorised: command.cents < 100 })
        }

        #[handler]
        async fn receipt(&self, reply: Receipt) -> ::core::result::Result<(), crate::bus::HandlerError> {
            let _ = reply.authorised;
            ::core::result::Result::Ok(())
        }
    }
}

use leveret as bus;

fn main() {
    assert_eq!(<service::Billing as bus::Endpoint>::ROUTES.len(), 2);
}
