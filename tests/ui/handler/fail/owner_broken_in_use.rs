use leveret::{Context, HandlerError, Message, handler};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Message)]
#[message(event, topic = "billing.card-charged", owner = "")]
struct CardCharged {
    cents: u64,
}

#[derive(Serialize, Deserialize, Message)]
#[message(command, endpoint = "billing")]
struct Refund {
    cents: u64,
}

struct Billing;

#[handler(endpoint = "billing")]
impl Billing {
    #[handler]
    async fn refund(&self, command: Refund, ctx: &Context) -> Result<(), HandlerError> {
        ctx.publish(CardCharged { cents: command.cents }).await?;
        Ok(())
    }
}

fn main() {}
