//! The macros write nothing that a person could not.

#![deny(warnings)]

use leveret::{
    Context, Delivery, Endpoint, HandlerError, Message,
    handler::Route,
    message::{MessageKind, kind},
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Ping {
    text: String,
}

impl Message for Ping {
    type Kind = kind::Command;
    type Reply = Pong;
    type Owner = ();
    const NAME: &'static str = "Ping";
    const ADDRESS: &'static str = "echo";
}

#[derive(Serialize, Deserialize)]
struct Pong {
    text: String,
}

impl Message for Pong {
    type Kind = kind::Reply;
    type Reply = ();
    type Owner = ();
    const NAME: &'static str = "Pong";
    const ADDRESS: &'static str = "";
}

struct Echo;

impl Endpoint for Echo {
    const NAME: &'static str = "echo";
    const ROUTES: &'static [Route] = &[Route::of::<Ping>("ping")];

    async fn dispatch(&self, route: &Route, delivery: Delivery, ctx: &Context) -> Result<(), HandlerError> {
        match route.handler {
            "ping" => {
                let ping: Ping = delivery.decode()?;
                ctx.answer(Pong { text: ping.text }).await
            }
            other => Err(format!("no handler `{other}`").into()),
        }
    }
}

fn main() {
    assert_eq!(Echo::ROUTES[0].kind, MessageKind::Command);
    assert_eq!(Echo::ROUTES[0].reply, Some("Pong"));
}
