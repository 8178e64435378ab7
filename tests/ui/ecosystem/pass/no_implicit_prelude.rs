//! A crate that takes nothing for granted: no prelude, no names of crates.

#![no_implicit_prelude]
#![deny(warnings)]

#[derive(::serde::Serialize, ::serde::Deserialize, ::leveret::Message)]
#[message(command, endpoint = "billing", reply = Receipt)]
pub struct Charge {
    pub cents: u64,
}

#[derive(::serde::Serialize, ::serde::Deserialize, ::leveret::Message)]
#[message(reply)]
pub struct Receipt {
    pub authorised: bool,
}

#[derive(::serde::Serialize, ::serde::Deserialize, ::leveret::Message)]
#[message(event, topic = "billing.charged", mandatory = false, name = "billing.Charged")]
pub enum Charged {
    Card(u64),
    Cash,
}

pub struct Billing<L> {
    pub limit: L,
}

#[::leveret::handler(endpoint = "billing")]
impl<L: ::core::convert::Into<u64> + ::core::marker::Copy> Billing<L> {
    #[::leveret::handler]
    async fn charge(
        &self,
        command: Charge,
        _ctx: &::leveret::Context,
    ) -> ::core::result::Result<Receipt, ::leveret::HandlerError> {
        let limit: u64 = ::core::convert::Into::into(self.limit);
        ::core::result::Result::Ok(Receipt { authorised: command.cents < limit })
    }

    #[::leveret::handler(topic = "billing.#")]
    async fn charged(&self, event: Charged) -> ::core::result::Result<(), ::leveret::HandlerError> {
        let _ = event;
        ::core::result::Result::Ok(())
    }

    #[::leveret::handler(topic = "audit.#")]
    async fn audit(&self, _message: ::leveret::AnyMessage) -> ::core::result::Result<(), ::leveret::HandlerError> {
        ::core::result::Result::Ok(())
    }

    pub async fn is_small(&self, command: Charge) -> bool {
        command.cents < 10
    }
}

fn main() {
    let routes = <Billing<u32> as ::leveret::Endpoint>::ROUTES;
    ::std::assert!(routes.len() == 3);
}
