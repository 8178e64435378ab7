//! A public command promises a private reply.

mod contracts {
    use leveret::Message;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, Message)]
    #[message(reply)]
    struct Receipt {
        authorised: bool,
    }

    #[derive(Serialize, Deserialize, Message)]
    #[message(command, endpoint = "billing", reply = Receipt)]
    pub struct Charge {
        cents: u64,
    }
}

fn main() {}
