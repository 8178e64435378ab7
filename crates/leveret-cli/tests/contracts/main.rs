//! The command `leveret` on a package of a user's: a copy of `shop`, which the tests change.

mod documents;
mod mistakes;
mod shop;
mod snapshots;
