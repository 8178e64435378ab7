use std::fmt;

use super::{DescribedRoute, Description};
use crate::{
    error::{Error, ErrorKind},
    message::MessageKind,
};

/// A catalogue that does not say enough, or contradicts itself.
pub type CatalogueError = Error<CatalogueErrorKind>;

/// Why no document and no snapshot can be made of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogueErrorKind {
    /// Everything that is wrong with it.
    Problems(Vec<CatalogueProblem>),
}

/// One thing that is wrong with a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogueProblem {
    /// A handler takes a message whose contract is not listed.
    Unlisted {
        /// The endpoint.
        endpoint: String,
        /// The handler's method.
        handler: String,
        /// The name of the message on the wire.
        message: String,
    },
    /// An endpoint is listed with a command of its own, and has no handler for it.
    Unhandled {
        /// The endpoint.
        endpoint: String,
        /// The name of the command on the wire.
        command: String,
    },
    /// A command promises a reply whose contract is not listed.
    UnlistedReply {
        /// The name of the command.
        command: String,
        /// The name of the reply.
        reply: String,
    },
    /// Two types have one name on the wire, and are not alike.
    TwoShapes {
        /// The name on the wire.
        name: String,
        /// The Rust type that was listed first.
        first: String,
        /// The one that was listed after it.
        second: String,
    },
}

impl Description {
    /// Whether every message that a handler takes has its contract, every command of an endpoint its handler, and no two
    /// contracts have one name. Documents and snapshots need that; the topology does not.
    ///
    /// # Errors
    /// Everything that is missing or contradicts itself.
    pub fn check(&self) -> Result<(), CatalogueError> {
        let unlisted = self.unlisted().chain(self.unlisted_replies());
        let problems: Vec<_> = self.twins().chain(unlisted).chain(self.unhandled()).collect();
        if problems.is_empty() { Ok(()) } else { Err(CatalogueErrorKind::Problems(problems).into()) }
    }

    fn twins(&self) -> impl Iterator<Item = CatalogueProblem> {
        self.contracts.iter().enumerate().filter_map(|(index, second)| {
            let first = self.contracts.iter().take(index).find(|first| first.name == second.name)?;
            Some(CatalogueProblem::TwoShapes {
                name: second.name.clone(),
                first: first.rust_type.clone(),
                second: second.rust_type.clone(),
            })
        })
    }

    fn unlisted(&self) -> impl Iterator<Item = CatalogueProblem> {
        self.endpoints.iter().flat_map(move |endpoint| {
            let missing = |name: &str| self.contract(name).is_none();
            let taken = endpoint.routes.iter().filter(|route| route.kind != MessageKind::Any);
            taken.filter(move |route| missing(&route.message)).map(|route| CatalogueProblem::Unlisted {
                endpoint: endpoint.name.clone(),
                handler: route.handler.clone(),
                message: route.message.clone(),
            })
        })
    }

    fn unhandled(&self) -> impl Iterator<Item = CatalogueProblem> {
        let commands = self.contracts.iter().filter(|contract| contract.kind == MessageKind::Command);
        commands.filter_map(|command| {
            let endpoint = self.endpoints.iter().find(|endpoint| endpoint.name == command.address)?;
            let takes =
                |route: &DescribedRoute| route.message == command.name || route.kind == MessageKind::Any;
            let (endpoint, is_taken) = (endpoint.name.clone(), endpoint.routes.iter().any(takes));
            (!is_taken).then(|| CatalogueProblem::Unhandled { endpoint, command: command.name.clone() })
        })
    }

    fn unlisted_replies(&self) -> impl Iterator<Item = CatalogueProblem> {
        self.contracts.iter().filter_map(|command| {
            let reply = command.reply.clone()?;
            let missing = self.contract(&reply).is_none();
            missing.then(|| CatalogueProblem::UnlistedReply { command: command.name.clone(), reply })
        })
    }
}

impl fmt::Display for CatalogueErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Problems(problems) = self;
        f.write_str("the catalogue is not complete:")?;
        problems.iter().try_for_each(|problem| write!(f, "\n- {problem}"))
    }
}

impl fmt::Display for CatalogueProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unlisted { endpoint, handler, message } => write!(
                f,
                "the handler `{handler}` of the endpoint `{endpoint}` takes `{message}`, whose contract is not listed: \
                 add `.message::<{}>()`",
                type_of(message)
            ),
            Self::Unhandled { endpoint, command } => write!(
                f,
                "`{command}` is a command of the endpoint `{endpoint}`, which has no handler for it: write one, or take \
                 the command out of the catalogue"
            ),
            Self::UnlistedReply { command, reply } => write!(
                f,
                "`{command}` promises `{reply}`, whose contract is not listed: add `.message::<{}>()`",
                type_of(reply)
            ),
            Self::TwoShapes { name, first, second } => write!(
                f,
                "`{first}` and `{second}` are both called `{name}` on the wire, and are not alike: give one of them \
                 another name by `#[message(name = \"..\")]`"
            ),
        }
    }
}

impl ErrorKind for CatalogueErrorKind {
    fn is_retryable(&self) -> bool {
        false
    }
}

/// The type that a name most likely belongs to: `Receipt` of `billing.Receipt`.
fn type_of(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn description(contracts: &serde_json::Value) -> Description {
        let route = |message: &str, kind| json!({ "handler": "h", "kind": kind, "message": message });
        let routes = [route("billing.Charge", "command")];
        let endpoints = json!([{ "name": "billing", "routes": routes }]);
        let description = json!({ "title": "shop", "endpoints": endpoints, "contracts": contracts });
        serde_json::from_value(description).unwrap()
    }

    #[test]
    fn everything_that_is_missing_is_told_with_what_to_add() {
        let charge = json!({
            "name": "billing.Charge", "rust_type": "a::Charge", "kind": "command", "reply": "Receipt", "schema": true
        });
        let other =
            json!({ "name": "billing.Charge", "rust_type": "b::Charge", "kind": "command", "schema": {} });
        let refund = json!({
            "name": "Refund", "rust_type": "a", "kind": "command", "address": "billing", "schema": true
        });
        let receipt =
            json!({ "name": "Receipt", "rust_type": "a::Receipt", "kind": "reply", "schema": true });
        for (contracts, problems) in [
            (json!([charge, receipt]), vec![]),
            (
                json!([]),
                vec!["`h` of the endpoint `billing` takes `billing.Charge`", "add `.message::<Charge>()`"],
            ),
            (json!([charge]), vec!["`billing.Charge` promises `Receipt`", "add `.message::<Receipt>()`"]),
            (
                json!([charge, receipt, other]),
                vec!["`a::Charge` and `b::Charge` are both called `billing.Charge`"],
            ),
            (
                json!([charge, receipt, refund]),
                vec!["`Refund` is a command of the endpoint `billing`, which has no handler"],
            ),
        ] {
            let checked = description(&contracts).check();
            assert_eq!(checked.is_ok(), problems.is_empty(), "{checked:?}");
            let said = checked.map_err(|error| error.to_string()).err().unwrap_or_default();
            assert!(problems.iter().all(|problem| said.contains(problem)), "{said}");
        }
    }
}
