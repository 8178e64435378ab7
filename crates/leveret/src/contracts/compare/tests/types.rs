//! Pairs of real types: what schemars makes of serde's attributes.
#![expect(dead_code, reason = "only their shape is of interest")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::changes;
use crate::contracts::schema::schema;

mod old {
    use super::*;

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Order {
        pub id: u64,
        pub address: Address,
        pub note: Option<String>,
        pub prices: BTreeMap<u8, u32>,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Address {
        pub street: String,
    }

    #[derive(Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
    pub(super) enum Plain {
        Post,
        Bike,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) enum External {
        Post,
        Bike { rider: String },
        Ship(u8),
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "by")]
    pub(super) enum Internal {
        Post,
        Bike { rider: String },
        Home(Address),
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "by", content = "with")]
    pub(super) enum Adjacent {
        Post,
        Bike { rider: String },
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    pub(super) enum Untagged {
        Name { name: String },
        Number { number: u8 },
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Strict {
        pub id: u64,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Flat {
        #[serde(flatten)]
        pub address: Address,
        #[serde(flatten)]
        pub by: Adjacent,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Keyed {
        pub by_carrier: BTreeMap<Plain, u8>,
        #[serde(flatten)]
        pub rest: BTreeMap<String, bool>,
    }
}

mod new {
    use super::*;

    #[derive(Deserialize, JsonSchema)]
    #[schemars(rename = "PlacedOrder")]
    pub(super) struct Order {
        pub id: u64,
        pub address: Address,
        pub note: Option<String>,
        pub prices: BTreeMap<u8, u32>,
        #[serde(default)]
        pub gift: bool,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Address {
        pub street: String,
        pub city: String,
    }

    #[derive(Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
    pub(super) enum Plain {
        /// With a stamp: schemars writes such a variant otherwise.
        Post,
        Bike,
        Ship,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) enum External {
        Post,
        Bike { rider: Option<String> },
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "by")]
    pub(super) enum Internal {
        Post,
        Bike {
            rider: String,
            #[serde(default)]
            electric: bool,
        },
        Home(Address),
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(tag = "by", content = "with")]
    pub(super) enum Adjacent {
        Post,
        Bike { rider: u32 },
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(untagged)]
    pub(super) enum Untagged {
        Name { name: String },
        Number { number: u16 },
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    pub(super) struct Strict {
        pub id: u64,
        pub note: Option<String>,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Flat {
        #[serde(flatten)]
        pub address: super::old::Address,
        #[serde(flatten)]
        pub by: Adjacent,
    }

    #[derive(Deserialize, JsonSchema)]
    pub(super) struct Keyed {
        pub by_carrier: BTreeMap<Plain, u8>,
        #[serde(flatten)]
        pub rest: BTreeMap<String, u8>,
    }
}

#[track_caller]
fn becomes<Old: JsonSchema, New: JsonSchema>(expected: &[&str]) {
    let (old, new) = (schema::<Old>("Charge"), schema::<New>("Charge"));
    assert_eq!(changes(&old, &new), expected);
    assert_eq!(changes(&old, &old), [""; 0]);
    assert_eq!(changes(&new, &new), [""; 0]);
}

#[test]
fn structs() {
    becomes::<old::Order, new::Order>(&[
        "! $.address.city: - -> required string",
        "+ $.gift: - -> optional boolean",
    ]);
    becomes::<old::Strict, new::Strict>(&["! $.note: - -> optional string or null"]);
    becomes::<old::Flat, new::Flat>(&["! $[by=\"Bike\"].with.rider: string -> integer from 0 to 4294967295"]);
}

#[test]
fn maps() {
    // With a documented variant among its keys, schemars takes them for any text.
    let keys = "! $.by_carrier.*: - -> any fields: integer from 0 to 255";
    becomes::<old::Keyed, new::Keyed>(&["! $.*: boolean -> integer from 0 to 255", keys]);
}

#[test]
fn enums() {
    becomes::<old::Plain, new::Plain>(&["! $ = \"Ship\": - -> \"Ship\""]);
    becomes::<old::External, new::External>(&[
        "! $.Ship: variant Ship -> -",
        "! $.Bike.rider: required string -> optional string or null",
    ]);
    becomes::<old::Internal, new::Internal>(&[
        "! $[by=\"Home\"].city: - -> required string",
        "+ $[by=\"Bike\"].electric: - -> optional boolean",
    ]);
    becomes::<old::Adjacent, new::Adjacent>(&[
        "! $[by=\"Bike\"].with.rider: string -> integer from 0 to 4294967295",
    ]);
    becomes::<old::Untagged, new::Untagged>(&["! $: object or object -> object or object"]);
}

#[test]
fn one_way_of_writing_an_enum_becomes_another() {
    becomes::<old::External, old::Internal>(&[
        "! $ = \"Post\": \"Post\" -> -",
        "! $.Bike: variant Bike -> -",
        "! $.Ship: variant Ship -> -",
        "! $[by=\"Post\"]: - -> object with by=\"Post\"",
        "! $[by=\"Bike\"]: - -> object with by=\"Bike\"",
        "! $[by=\"Home\"]: - -> object with by=\"Home\"",
    ]);
}
