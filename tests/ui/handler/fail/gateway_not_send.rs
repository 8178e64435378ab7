//! A future of a trait that does not promise `Send`.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{HandlerError, handler};

trait Gateway: Send + Sync + 'static {
    async fn refund(&self, cents: u64) -> Result<(), HandlerError>;
}

struct Billing<G> {
    gateway: G,
}

#[handler(endpoint = "billing")]
impl<G: Gateway> Billing<G> {
    #[handler]
    async fn refund(&self, command: Refund) -> Result<(), HandlerError> {
        self.gateway.refund(command.cents).await
    }
}

fn main() {}
