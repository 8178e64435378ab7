//! The macros of the crate `leveret`, which re-exports and documents them.
//!
//! Each macro reads its input in the same steps: `attr` (what the attributes say), `ast` (what stands below them),
//! `check` (what is wrong with it) and `expand` (what it becomes). All mistakes are shown at once, and an
//! implementation comes out even then, so that one mistake makes one message.

use proc_macro::TokenStream;

mod common;

mod handler;
mod message;

#[allow(missing_docs, reason = "documented where leveret re-exports it, so that its example compiles")]
#[proc_macro_derive(Message, attributes(message))]
pub fn message(input: TokenStream) -> TokenStream {
    message::expand(input.into()).into()
}

#[allow(missing_docs, reason = "documented where leveret re-exports it, so that its example compiles")]
#[proc_macro_attribute]
pub fn handler(attribute: TokenStream, item: TokenStream) -> TokenStream {
    handler::expand(attribute.into(), item.into()).into()
}
