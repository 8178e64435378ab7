//! The macros of the crate `leveret`, which re-exports them: rustdoc puts its words and examples before those that stand
//! here, and editors show only these.
//!
//! Each macro reads its input in the same steps: `attr` (what the attributes say), `ast` (what stands below them),
//! `check` (what is wrong with it) and `expand` (what it becomes). All mistakes are shown at once, and an
//! implementation comes out even then, so that one mistake makes one message.

use proc_macro::TokenStream;

mod common;

mod handler;
mod message;

/// A message is exactly one kind, and the kind decides which verbs of the bus take it:
///
/// | attribute | verbs |
/// |---|---|
/// | `#[message(command, endpoint = "billing")]` | `send`, `defer`: to the one endpoint that owns it |
/// | `#[message(command, endpoint = "billing", reply = Receipt)]` | `request` as well: its handler returns a `Receipt` |
/// | `#[message(event, topic = "billing.card-charged")]` | `publish`, `subscribe`: to whoever subscribes |
/// | `#[message(reply)]` | returned by a handler, or `ctx.reply` |
///
/// More keys:
/// - `name = ".."`: the name on the wire, instead of the type's (at most 255 bytes);
/// - `also = ".."`, as often as you like: a name that it had before. It is written under `name` and read under all;
/// - `owner = ".."`, of an event: the one endpoint that may publish it. Handlers of others that do so with their
///   context do not compile; a bus of another endpoint refuses it, and so does one without an endpoint that does not
///   claim the owner's name (`BusBuilder::claim`);
/// - `mandatory = false`, of an event: it may have no subscriber; otherwise publishing it is then an error;
/// - `crate = ".."`: where leveret is found, if it was renamed or re-exported.
///
/// Endpoint names have at most 190 bytes, topics 255; a topic is words between dots, without wildcards. A message needs
/// `Serialize` and `Deserialize`, and cannot be generic, since its name on the wire means one shape.
#[proc_macro_derive(Message, attributes(message))]
pub fn message(input: TokenStream) -> TokenStream {
    message::expand(input.into()).into()
}

/// A handler takes its message by value and, if it wants it, the context: `ctx: &Context`. It returns what the contract
/// of the message promises: a `Result` with the reply of a command that declares one, else with `()`. Any error that
/// turns into a `HandlerError` will do. Handlers of one service run at the same time, so they share it by `&self`.
///
/// | above a method | takes |
/// |---|---|
/// | `#[handler]` | a command of this endpoint, a reply to what it sent, or an event on its own topic |
/// | `#[handler(topic = "orders.*")]` | an event, or any message (`AnyMessage`), of that pattern |
/// | `#[handler(untyped)]` | a command or a reply, also one that names no contract, as Python senders write it |
///
/// Above the block stand `endpoint = ".."` and, if leveret was renamed or re-exported, `crate = ".."`. The compiler
/// checks that commands belong to this endpoint, that patterns can match, that each message has one handler (patterns of
/// `AnyMessage` handlers must not overlap), and that no `#[handler]` was forgotten: a helper that takes a message and looks
/// like a handler belongs in another `impl` block.
///
/// In the body of a handler that publishes, the context is a `HandlerContext`, which knows the endpoint: so an event of
/// another owner does not compile. It turns into a `&Context` wherever one is wanted.
#[proc_macro_attribute]
pub fn handler(attribute: TokenStream, item: TokenStream) -> TokenStream {
    handler::expand(attribute.into(), item.into()).into()
}
