use std::fs;

use super::check;
use crate::workspace;

/// The violations of a made-up tree, without what follows the first `;`.
fn violations(files: &[(&str, &str)]) -> Vec<String> {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join("crates").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let found = check(root.path()).unwrap();
    found.into_iter().map(|violation| violation.split(';').next().unwrap().to_owned()).collect()
}

#[test]
fn the_real_tree_keeps_its_floors() {
    assert_eq!(check(&workspace::root()).unwrap(), Vec::<String>::new());
}

#[test]
fn an_import_from_a_lower_floor_is_fine() {
    let files = [
        ("leveret/src/lib.rs", "pub use self::bus::Bus; use crate::bus::Bus as B;"),
        ("leveret/src/bus/mod.rs", "use crate::{amqp::Connector, memory::Broker, error::Error};"),
        (
            "leveret/src/amqp/channel.rs",
            "use amqprs::channel::Channel; use crate::{amqp::Id, transport::Publisher};",
        ),
        ("leveret/src/codec/json.rs", "use super::Codec; use super::super::error::Error;"),
        ("leveret/src/codec/mod.rs", "mod sealed { impl Sealed for super::Json {} }"),
        (
            "leveret/src/error/mod.rs",
            "//! See [`Bus`](crate::bus::Bus).\n/// [`X`]: crate::bus::X\npub struct Error;",
        ),
        ("leveret-macros/src/message/ast.rs", "use crate::common::names;"),
    ];
    assert_eq!(violations(&files), Vec::<String>::new());
}

#[test]
fn an_import_sideways_or_up_is_not() {
    let files = [
        ("leveret/src/codec/json.rs", "\nuse crate::envelope::Envelope;"),
        ("leveret/src/context/mod.rs", "use crate::{\n    error::Error,\n    bus::{Bus, Builder},\n};"),
        ("leveret/src/id.rs", "use super::codec::Codec;"),
    ];
    assert_eq!(
        violations(&files),
        [
            "crates/leveret/src/codec/json.rs:2: `codec` (floor 1) imports `envelope` (floor 1), which is beside it",
            "crates/leveret/src/context/mod.rs:3: `context` (floor 6) imports `bus` (floor 9), which is above it",
            "crates/leveret/src/id.rs:1: `id` (floor 0) imports `codec` (floor 1), which is above it",
        ]
    );
}

#[test]
fn every_module_has_a_floor() {
    let files = [("leveret/src/util/mod.rs", ""), ("leveret/src/bus/mod.rs", "use crate::Message;")];
    assert_eq!(
        violations(&files),
        [
            "crates/leveret/src/bus/mod.rs:1: `crate::Message` is no module of the floors",
            "crates/leveret/src/util/mod.rs:1: the module `util` is on no floor",
        ]
    );
}

#[test]
fn transports_and_their_client_stay_behind_the_port() {
    let files = [
        ("leveret/src/consume/mod.rs", "use crate::memory::Broker;\nfn f(_: amqprs::Ack) {}"),
        ("leveret/src/lib.rs", "pub use amqprs::Ack;"),
    ];
    assert_eq!(
        violations(&files),
        [
            "crates/leveret/src/consume/mod.rs:2: amqprs is named outside amqp/",
            "crates/leveret/src/consume/mod.rs:1: `consume` (floor 8) names the transport `memory` (floor 4), which \
             only bus and testing may",
            "crates/leveret/src/lib.rs:1: amqprs is named outside amqp/",
        ]
    );
}

#[test]
fn tests_may_import_what_they_like() {
    let files = [
        (
            "leveret/src/id.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::bus::Bus;\n}\n#[cfg(test)]\nmod more;",
        ),
        ("leveret/src/codec/tests.rs", "use crate::bus::Bus;"),
    ];
    assert_eq!(violations(&files), Vec::<String>::new());
}

#[test]
fn the_macros_know_nothing_of_each_other() {
    let files = [
        ("leveret-macros/src/message/check.rs", "use crate::handler::ast::Handler;"),
        ("leveret-macros/src/handler/check.rs", "use crate::{common::names, message::ast::Message};"),
    ];
    assert_eq!(
        violations(&files),
        [
            "crates/leveret-macros/src/handler/check.rs:1: `handler` imports `message`",
            "crates/leveret-macros/src/message/check.rs:1: `message` imports `handler`",
        ]
    );
}
