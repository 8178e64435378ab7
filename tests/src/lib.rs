//! The broker fixture of the tests.
