//! A service in whose crate every lint is denied that is not about taste. `leveret-downstream` compiles it in an older
//! edition, and under clippy.

#![deny(warnings)]
#![deny(future_incompatible, let_underscore, nonstandard_style, rust_2018_idioms, unused)]
#![deny(
    missing_debug_implementations,
    missing_docs,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences
)]
#![forbid(unsafe_code)]

extern crate leveret as bus;

#[path = "../../strict.rs"]
pub mod strict;

fn main() {
    let billing = strict::Billing::new(|_| Ok(()), String::from("billing"));
    assert_eq!(routes(&billing), 5);
}

fn routes<E: bus::Endpoint>(_: &E) -> usize {
    E::ROUTES.len()
}
