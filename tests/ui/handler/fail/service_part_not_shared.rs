//! A part of a generic service that cannot cross threads.

#[path = "../../contracts.rs"]
mod contracts;

use contracts::Refund;
use leveret::{Endpoint, HandlerError, handler};

struct Billing<G>(G);

#[handler(endpoint = "billing")]
impl<G: Clone> Billing<G> {
    #[handler]
    async fn refund(&self, _command: Refund) -> Result<(), HandlerError> {
        Ok(())
    }
}

fn start(_: impl Endpoint) {}

fn never_called() {
    start(Billing(std::rc::Rc::new(1)));
}

fn main() {}
