//! Owners of any name, and former names.

#![deny(warnings)]

use leveret::{Context, Endpoint, HandlerError, Message, handler};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "größe {Self} {", also = "Tell", also = "shop.Tell")]
struct Say {
    n: u64,
}

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "said", owner = "größe {Self} {", name = "Told", also = "Said")]
struct r#Said {
    n: u64,
}

struct Speaker;

#[handler(endpoint = "größe {Self} {")]
impl Speaker {
    #[handler]
    async fn say(&self, command: Say, ctx: &Context) -> Result<(), HandlerError> {
        Ok(ctx.publish(Said { n: command.n }).await?)
    }
}

/// A contract in a function, as tests have them.
fn inside() -> Option<&'static str> {
    #[derive(Serialize, Deserialize, Message)]
    #[message(event, topic = "inside", owner = "shipping")]
    struct Inside {
        n: u64,
    }

    Inside::OWNER
}

fn main() {
    assert_eq!(Said::CONTRACT.owner, Some(Speaker::NAME));
    assert_eq!(Said::CONTRACT.also, ["Said"]);
    assert_eq!(Speaker::ROUTES[0].also, ["Tell", "shop.Tell"]);
    assert_eq!((Say::CONTRACT.owner, inside()), (None, Some("shipping")));
}
