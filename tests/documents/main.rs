//! Documents that are made from contracts.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod asyncapi;
mod mermaid;
mod shop;

use std::{env, fs, path::Path};

/// Compares with what stands in the tree, and writes it there instead with `UPDATE_DOCUMENTS=1`.
#[track_caller]
fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/documents").join(file);
    if env::var_os("UPDATE_DOCUMENTS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert_eq!(text, expected, "{} differs: UPDATE_DOCUMENTS=1 writes it anew", path.display());
}
