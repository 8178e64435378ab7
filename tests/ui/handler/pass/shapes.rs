//! What is unusual in a handler and allowed all the same.

#![deny(warnings)]

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{CardCharged, ChargeCard, OrderPlaced, Receipt, Refund};
use leveret::{Context, Endpoint, HandlerError, handler};

type Done = Result<(), HandlerError>;
type Alias = Refund;

pub struct Names;

/// Methods called like what the macro writes, and like a keyword.
#[handler(endpoint = "billing")]
impl Names {
    #![allow(clippy::missing_errors_doc)]

    #[handler]
    async fn ctx(&self, delivery: contracts::ChargeCard, route: &Context) -> Result<Receipt, HandlerError> {
        let _ = (delivery, route);
        Ok(Receipt { authorised: true })
    }

    #[handler]
    async fn delivery(&self, mut service: Alias) -> Done {
        service.cents += 1;
        if service.cents == 0 { Err("nothing to refund".into()) } else { Ok(()) }
    }

    #[cfg(any())]
    #[handler]
    async fn dispatch(&self, event: NotThere) -> Done {}

    #[cfg(all())]
    #[handler]
    async fn dispatch<'a>(&'a self, event: OrderPlaced, ctx: &'a Context) -> Done
    where
        Self: Sized,
    {
        let _ = (event, ctx);
        Ok(())
    }

    #[handler]
    #[must_use = "attributes of the user stay"]
    #[allow(clippy::unused_async)]
    async fn r#match(&self, event: CardCharged) -> std::result::Result<(), std::io::Error> {
        let _ = event;
        Ok(())
    }

    const LIMIT: u64 = 100;
}

pub trait Gateway: Send + Sync + 'static {
    fn charge(&self, cents: u64) -> impl Future<Output = Result<bool, HandlerError>> + Send;
}

pub struct Generic<G, L, const LIMIT: u64> {
    gateway: G,
    log: L,
}

#[handler(endpoint = "billing")]
impl<G: Gateway, L, const LIMIT: u64> Generic<G, L, LIMIT>
where
    L: Fn(u64),
{
    #[handler]
    async fn charge(&self, command: ChargeCard) -> Result<Receipt, HandlerError> {
        (self.log)(LIMIT);
        Ok(Receipt { authorised: self.gateway.charge(command.cents).await? })
    }
}

macro_rules! block {
    ($service:ident, $message:ty) => {
        pub struct $service;

        #[handler(endpoint = "billing")]
        impl $service {
            #[handler]
            async fn refund(&self, command: $message, ctx: &Context) -> Done {
                let _ = (command, ctx);
                Ok(())
            }
        }
    };
}
block!(Written, contracts::Refund);

struct NoGateway;

impl Gateway for NoGateway {
    async fn charge(&self, _: u64) -> Result<bool, HandlerError> {
        Ok(false)
    }
}

fn routes<E: Endpoint>(_: E) -> Vec<&'static str> {
    E::ROUTES.iter().map(|route| route.handler).collect()
}

fn main() {
    assert_eq!(routes(Names), ["ctx", "delivery", "dispatch", "match"]);
    assert_eq!(Names::LIMIT, 100);
    assert_eq!(routes(Generic::<_, _, 3> { gateway: NoGateway, log: |_| {} }), ["charge"]);
    assert_eq!(routes(Written), ["refund"]);
}
