use std::any::type_name;

use super::{DescribedContract, DescribedEndpoint, Description, Schematic};
use crate::{
    handler::Endpoint,
    message::{Answer, Contract, Message},
};

/// The endpoints and contracts of a service or of a crate of contracts.
///
/// ```
/// use leveret::{HandlerError, Message, contracts::Catalogue, handler};
/// use schemars::JsonSchema; // in your Cargo.toml: schemars = "1"
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// #[message(command, endpoint = "billing", reply = Receipt)]
/// struct ChargeCard { cents: u64 }
///
/// #[derive(Serialize, Deserialize, JsonSchema, Message)]
/// #[message(reply)]
/// struct Receipt { authorised: bool }
///
/// struct Billing;
///
/// #[handler(endpoint = "billing")]
/// impl Billing {
///     #[handler]
///     async fn charge(&self, command: ChargeCard) -> Result<Receipt, HandlerError> {
///         Ok(Receipt { authorised: command.cents < 10_000 })
///     }
/// }
///
/// pub fn contracts() -> Catalogue {
///     Catalogue::new("shop").endpoint::<Billing>().message::<ChargeCard>() // its reply comes with it
/// }
///
/// let description = contracts().describe();
/// description.check()?;
/// assert_eq!(description.endpoints[0].routes[0].message, "ChargeCard");
/// assert_eq!(description.contracts[1].schema["properties"]["authorised"]["type"], "boolean");
/// # Ok::<(), leveret::contracts::CatalogueError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Catalogue {
    description: Description,
}

impl Catalogue {
    /// An empty one. The title stands above the documents that are made from it.
    pub fn new(title: impl Into<String>) -> Self {
        Self { description: Description::new(title) }
    }

    /// The version that documents name, such as `env!("CARGO_PKG_VERSION")`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.description.version = Some(version.into());
        self
    }

    /// An endpoint, with all its routes. The topology needs no more; documents and snapshots need the contracts too.
    pub fn endpoint<E: Endpoint>(mut self) -> Self {
        let (described, known) =
            (DescribedEndpoint::new(E::NAME, E::ROUTES), &mut self.description.endpoints);
        if !known.contains(&described) {
            known.push(described);
        }
        self
    }

    /// A contract, with its JSON Schema, and the reply that it promises with its own.
    pub fn message<M>(mut self) -> Self
    where
        M: Message + Schematic,
        M::Reply: Schematic,
    {
        self.add::<M>(&M::CONTRACT);
        if let Some(reply) = <M::Reply as Answer>::CONTRACT {
            self.add::<M::Reply>(&reply);
        }
        self
    }

    /// Everything in it, as plain data.
    #[must_use]
    pub fn describe(&self) -> Description {
        self.description.clone()
    }

    fn add<T: Schematic>(&mut self, contract: &Contract) {
        let described = DescribedContract::new(contract, type_name::<T>(), T::schema(contract.name));
        let known = &mut self.description.contracts;
        if !known.contains(&described) {
            known.push(described);
        }
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Charge {
        cents: u64,
    }

    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Receipt {
        authorised: bool,
    }

    impl Message for Charge {
        type Kind = crate::message::kind::Command;
        type Reply = Receipt;
        type Owner = ();
        const NAME: &'static str = "Charge";
        const ADDRESS: &'static str = "billing";
    }

    impl Message for Receipt {
        type Kind = crate::message::kind::Reply;
        type Reply = ();
        type Owner = ();
        const NAME: &'static str = "Receipt";
        const ADDRESS: &'static str = "";
    }

    #[test]
    fn a_reply_comes_with_its_command_and_counts_once() {
        let catalogue = Catalogue::new("shop").message::<Receipt>().message::<Charge>().message::<Charge>();
        let description = catalogue.version("1").describe();
        let names: Vec<_> = description.contracts.iter().map(|contract| &*contract.name).collect();
        assert_eq!(names, ["Receipt", "Charge"]);
        assert_eq!(description.contract("Charge").unwrap().reply.as_deref(), Some("Receipt"));
        let read: Description = serde_json::from_str(&description.to_json()).unwrap();
        assert_eq!(read, description);
    }
}
