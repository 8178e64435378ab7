//! The service of the guide: commands, events, replies and anything else; nothing is warned about.

#![deny(warnings)]

#[path = "../../contracts.rs"]
mod contracts;

use contracts::{ChargeCard, OrderPlaced, Receipt, Refund};
use leveret::{Context, Endpoint, HandlerError, envelope::AnyMessage, handler, message::MessageKind};

pub struct Billing {
    limit: u64,
}

#[handler(endpoint = "billing")]
impl Billing {
    /// A command that promises a reply.
    #[handler]
    async fn charge(&self, command: ChargeCard, ctx: &Context) -> Result<Receipt, HandlerError> {
        let _ = ctx;
        if command.cents == 0 {
            return Err("nothing to charge".into());
        }
        Ok(Receipt { authorised: self.within_limit(command.cents) })
    }

    fn within_limit(&self, cents: u64) -> bool {
        cents <= self.limit
    }

    /// What names no contract comes here too.
    #[handler(untyped)]
    async fn refund(&self, _: Refund) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(topic = "orders.*")]
    async fn placed(&self, OrderPlaced { order }: OrderPlaced) -> Result<(), String> {
        if order == 0 { Err("no order".to_owned()) } else { Ok(()) }
    }

    #[handler]
    async fn receipt(&self, reply: Receipt) -> Result<(), HandlerError> {
        let _ = reply.authorised;
        Ok(())
    }

    #[handler(topic = "audit.#")]
    async fn audit(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler(topic = "orders.*")]
    async fn orders(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }

    #[handler]
    async fn rest(&self, _message: AnyMessage) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn main() {
    const ROUTES: &[leveret::handler::Route] = Billing::ROUTES;
    let lines: Vec<_> = ROUTES
        .iter()
        .map(|route| (route.handler, route.kind, route.topic, route.reply, route.untyped))
        .collect();
    let expected = [
        ("charge", MessageKind::Command, None, Some("Receipt"), false),
        ("refund", MessageKind::Command, None, None, true),
        ("placed", MessageKind::Event, Some("orders.*"), None, false),
        ("receipt", MessageKind::Reply, None, None, false),
        ("audit", MessageKind::Any, Some("audit.#"), None, false),
        ("orders", MessageKind::Any, Some("orders.*"), None, false),
        ("rest", MessageKind::Any, None, None, false),
    ];
    assert_eq!(lines, expected);
    assert_eq!(Billing::NAME, "billing");
    let _ = Billing { limit: 1 };
}
