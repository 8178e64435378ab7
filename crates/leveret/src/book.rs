//! The README and the chapters of the book: here only so that `cargo test --doc` compiles and runs their examples.

macro_rules! chapters {
    ($($(#[$cfg:meta])? $name:ident: $path:literal,)*) => {$(
        $(#[$cfg])?
        #[doc = include_str!(concat!("../../../", $path))]
        mod $name {}
    )*};
}

chapters! {
    readme: "README.md",
    getting_started: "docs/src/guide/getting-started.md",
    contracts: "docs/src/guide/contracts.md",
    sending: "docs/src/guide/sending.md",
    failures: "docs/src/guide/failures.md",
    subscriptions: "docs/src/guide/subscriptions.md",
    #[cfg(feature = "contracts")] evolution: "docs/src/guide/evolution.md",
    #[cfg(feature = "contracts")] documents: "docs/src/guide/documents.md",
    connecting: "docs/src/guide/connecting.md",
    running: "docs/src/guide/running.md",
    testing: "docs/src/guide/testing.md",
    guarantees: "docs/src/guarantees.md",
    errors: "docs/src/errors.md",
    wire: "docs/src/wire.md",
    pikabus: "docs/src/pikabus.md",
    operations: "docs/src/operations.md",
}
