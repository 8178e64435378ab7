//! Methods that were meant to be handlers, and lack the `#[handler]`.

#![allow(clippy::panic, reason = "a panic in a const is how a compile error is made")]

use std::marker::PhantomData;

use super::{
    search::{same, shared_name},
    sentence::Sentence,
};
use crate::{
    handler::Route,
    message::{Contract, Message, MessageKind},
};

/// Finds the contract of `T`, if it is a message: `<ContractOf<T>>::CONTRACT`, where [`NoContract`] is in scope.
///
/// rustc looks among a type's own constants first, and takes that of the trait where their bounds do not hold.
#[derive(Debug)]
pub struct ContractOf<T>(PhantomData<fn(T)>);

impl<T: Message> ContractOf<T> {
    pub const CONTRACT: Option<Contract> = Some(T::CONTRACT);
}

/// What is no message.
pub trait NoContract {
    const CONTRACT: Option<Contract> = None;
}

impl<T> NoContract for ContractOf<T> {}

/// A method without `#[handler]` that takes a message takes none that this endpoint should handle, and does not.
#[track_caller]
pub const fn check_unmarked(
    contract: Option<Contract>,
    endpoint: &str,
    routes: &[Route],
    method: &str,
    is_typical: bool,
) {
    let Some(contract) = contract else { return };
    let what = match contract.kind {
        MessageKind::Command if same(contract.address, endpoint) => "command ",
        MessageKind::Event if is_typical => "event ",
        MessageKind::Reply if is_typical => "reply ",
        MessageKind::Any if is_typical => "message ",
        _ => return,
    };
    if is_handled(routes, contract) {
        return;
    }
    panic!(
        "{}",
        Sentence::of(&[
            "`",
            method,
            "` takes the ",
            what,
            "`",
            match contract.kind {
                MessageKind::Any => "AnyMessage",
                _ => contract.name,
            },
            "`, but has no `#[handler]`\n= note: write `#[handler]` above it; a method that other \
             code calls belongs in another `impl` block",
        ])
        .as_str()
    )
}

/// Whether some handler takes the message.
const fn is_handled(routes: &[Route], message: Contract) -> bool {
    let (wanted, mut rest) = (Route::new("", message), routes);
    while let Some((route, behind)) = rest.split_first() {
        if shared_name(route, &wanted).is_some() {
            return true;
        }
        rest = behind;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{
        super::check::tests::{ANY, PLACED, SHIP, contract, says},
        *,
    };
    use crate::envelope::AnyMessage;

    #[test]
    fn only_messages_have_a_contract() {
        assert!(<ContractOf<AnyMessage>>::CONTRACT.is_some());
        assert!(<ContractOf<String>>::CONTRACT.is_none());
    }

    #[test]
    fn unmarked_methods_that_should_be_handlers() {
        let placed = [Route::new("placed", PLACED)];
        let cases = [
            (None, "shipping", true, ""),
            (Some(SHIP), "shipping", false, "the command `Ship`"),
            (Some(SHIP), "billing", true, ""),
            (Some(ANY), "billing", true, "the message `AnyMessage`"),
            (Some(ANY), "billing", false, ""),
            (Some(PLACED), "billing", true, ""),
            (Some(contract(MessageKind::Event, "Late", "orders.late")), "billing", true, "the event `Late`"),
            (Some(contract(MessageKind::Event, "Late", "orders.late")), "billing", false, ""),
        ];
        for (contract, endpoint, is_typical, what) in cases {
            let said = says(move || check_unmarked(contract, endpoint, &placed, "it", is_typical));
            assert_eq!(said.is_empty(), what.is_empty(), "{said}");
            assert!(said.contains(what), "{said}");
        }
    }
}
