use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::{draft07::draft07, keys};
use crate::contracts::{DescribedContract, keys::Keys};

/// The schemas of all contracts in one place, and what they define beside themselves.
///
/// A definition that reads alike wherever it occurs stands there once, under its own name; of others each contract has
/// its own, as `<contract>.<definition>`. So a new contract changes the names of old definitions only if it defines the
/// same name otherwise.
pub(super) struct Schemas<'a> {
    contracts: &'a [&'a DescribedContract],
    own: BTreeSet<&'a str>,
    keys: Keys,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(contracts: &'a [&'a DescribedContract]) -> Self {
        let own = own_definitions(contracts);
        let mut schemas = Self { contracts, own, keys: Keys::default() };
        let names = contracts.iter().flat_map(|contract| {
            let inner = definitions(contract).map(|(name, _)| schemas.name_of(contract, name));
            inner.chain([contract.name.clone()])
        });
        schemas.keys = keys(names.collect::<Vec<_>>());
        schemas
    }

    /// Where the schema of a contract stands.
    pub(super) fn reference(&self, contract: &str) -> String {
        format!("#/components/schemas/{}", self.keys.of(contract))
    }

    /// All of them, by their keys.
    pub(super) fn components(&self) -> Map<String, Value> {
        let mut components = Map::new();
        for contract in self.contracts {
            let refer = |reference: &str| self.refer(contract, reference);
            components.insert(self.keys.of(&contract.name), draft07(&contract.schema, &refer));
            for (name, schema) in definitions(contract) {
                components.insert(self.keys.of(&self.name_of(contract, name)), draft07(schema, &refer));
            }
        }
        components
    }

    fn name_of(&self, contract: &DescribedContract, definition: &str) -> String {
        match self.own.contains(definition) {
            true => format!("{}.{definition}", contract.name),
            false => definition.to_owned(),
        }
    }

    /// What a reference inside the schema of a contract is called in the document. One that leads elsewhere stays.
    fn refer(&self, contract: &DescribedContract, reference: &str) -> String {
        match target(reference) {
            Some(Target::Root { rest }) => self.reference(&contract.name) + rest,
            Some(Target::Definition { name, rest }) => self.reference(&self.name_of(contract, &name)) + rest,
            None => reference.to_owned(),
        }
    }
}

enum Target<'a> {
    /// The schema itself, or a place in it.
    Root { rest: &'a str },
    /// What it defines, or a place in that.
    Definition { name: String, rest: &'a str },
}

fn target(reference: &str) -> Option<Target<'_>> {
    let pointer = reference.strip_prefix('#')?;
    let Some(path) = pointer.strip_prefix("/$defs/") else { return Some(Target::Root { rest: pointer }) };
    let (name, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let name = percent_decode_str(name).decode_utf8_lossy().replace("~1", "/").replace("~0", "~");
    Some(Target::Definition { name, rest })
}

fn definitions(contract: &DescribedContract) -> impl Iterator<Item = (&str, &Value)> {
    let defined = contract.schema.get("$defs").and_then(Value::as_object);
    defined.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema))
}

/// The names of definitions that read otherwise in two contracts, or refer to such a one, or to the contract itself; and
/// those that a contract has already.
fn own_definitions<'a>(contracts: &[&'a DescribedContract]) -> BTreeSet<&'a str> {
    let mut own: BTreeSet<&str> = contracts.iter().map(|contract| contract.name.as_str()).collect();
    let mut seen: BTreeMap<&str, &Value> = BTreeMap::new();
    for (name, schema) in contracts.iter().flat_map(|contract| definitions(contract)) {
        if *seen.entry(name).or_insert(schema) != schema {
            own.insert(name);
        }
    }
    loop {
        let refers_to_own = |schema: &Value| {
            references(schema).iter().any(|reference| match target(reference) {
                Some(Target::Root { .. }) => true,
                Some(Target::Definition { name, .. }) => own.contains(name.as_str()),
                None => false,
            })
        };
        let more = seen.iter().find(|(name, schema)| !own.contains(*name) && refers_to_own(schema));
        match more {
            Some((name, _)) => own.insert(name),
            None => return own,
        };
    }
}

/// Everything that a schema refers to.
fn references(schema: &Value) -> Vec<String> {
    let found = RefCell::new(Vec::new());
    draft07(schema, &|reference| {
        found.borrow_mut().push(reference.to_owned());
        String::new()
    });
    found.into_inner()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn contract(name: &str, schema: Value) -> DescribedContract {
        let contract = json!({ "name": name, "rust_type": name, "kind": "event", "schema": schema });
        serde_json::from_value(contract).unwrap()
    }

    fn to(name: &str) -> Value {
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    fn in_document(name: &str) -> Value {
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    #[test]
    fn what_reads_alike_is_shared() {
        let money = json!({ "type": "integer" });
        let placed = contract("Placed", json!({ "items": to("Money"), "$defs": { "Money": money } }));
        let paid = contract("Paid", json!({ "not": to("Money"), "$defs": { "Money": money } }));
        let listed = [&placed, &paid];
        let components = Schemas::new(&listed).components();
        let expected = json!({
            "Placed": { "items": in_document("Money") },
            "Paid": { "not": in_document("Money") },
            "Money": money,
        });
        assert_eq!(Value::Object(components), expected);
    }

    #[test]
    fn what_reads_otherwise_is_not_and_neither_is_what_refers_to_it() {
        let schema = |currency: &str| {
            let defined = json!({ "Money": to("Currency"), "Currency": { "const": currency }, "Id": true, "Loop": { "$ref": "#" } });
            json!({ "items": to("Money"), "$defs": defined })
        };
        let (placed, paid) = (contract("Placed", schema("EUR")), contract("Paid", schema("USD")));
        let listed = [&placed, &paid];
        let components = Schemas::new(&listed).components();
        let keys: BTreeSet<_> = components.keys().map(String::as_str).collect();
        let expected = [
            "Id",
            "Paid",
            "Paid.Currency",
            "Paid.Loop",
            "Paid.Money",
            "Placed",
            "Placed.Currency",
            "Placed.Loop",
            "Placed.Money",
        ];
        assert_eq!(keys, BTreeSet::from(expected));
        assert_eq!(components["Paid"]["items"], in_document("Paid.Money"));
        assert_eq!(components["Paid.Money"], in_document("Paid.Currency"));
        assert_eq!(components["Paid.Loop"], in_document("Paid"));
    }

    #[test]
    fn a_definition_with_the_name_of_a_contract() {
        let defined = json!({ "items": to("Paid"), "$defs": { "Paid": { "type": "string" } } });
        let (placed, paid) = (
            contract("Placed", defined),
            contract("Paid", json!({ "properties": { "a": { "$ref": "#/x" } } })),
        );
        let listed = [&placed, &paid];
        let components = Schemas::new(&listed).components();
        assert_eq!(components["Placed"]["items"], in_document("Placed.Paid"));
        assert_eq!(components["Paid"]["properties"]["a"], in_document("Paid/x"));
    }

    #[test]
    fn names_that_are_written_otherwise_in_references() {
        let schema = json!({ "items": to("a~1b%20c"), "$defs": { "a/b c": true } });
        let placed = contract("Placed", schema);
        let listed = [&placed];
        let components = Schemas::new(&listed).components();
        assert_eq!(
            (&components["Placed"]["items"], &components["a_b_c"]),
            (&in_document("a_b_c"), &json!(true))
        );
    }
}
