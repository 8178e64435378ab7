//! A typed message bus for services on RabbitMQ.
//!
//! A service annotates its contracts with [`derive@Message`] and its handlers with [`macro@handler`]; the compiler
//! proves that events are never sent and commands never published, that replies fit, and that subscriptions match. The
//! runtime delivers at least once, over broker restarts, lost connections, failing handlers and crashes.
//!
//! ```
//! use leveret::{Bus, HandlerError, Message, handler};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize, Message)]
//! #[message(command, endpoint = "greeter", reply = Greeting)]
//! struct Greet { name: String }
//!
//! #[derive(Serialize, Deserialize, Message)]
//! #[message(reply)]
//! struct Greeting { text: String }
//!
//! struct Greeter;
//!
//! #[handler(endpoint = "greeter")]
//! impl Greeter {
//!     #[handler]
//!     async fn greet(&self, command: Greet) -> Result<Greeting, HandlerError> {
//!         Ok(Greeting { text: format!("Hello, {}!", command.name) })
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let bus = Bus::builder("memory://hello").endpoint(Greeter).start().await?; // or amqp://..
//!     let greeting = bus.request(Greet { name: "Ada".into() }).await?;
//!     assert_eq!(greeting.text, "Hello, Ada!");
//!     bus.shutdown().await?;
//!     Ok(())
//! }
//! ```
//!
//! The types that most programs need stand at the root; the rest in the module that is named for it, from the ground
//! up: [`error`], [`headers`], [`codec`], [`envelope`], [`topology`], [`message`], [`retry`], [`telemetry`],
//! [`transport`] (the port), [`amqp`] and [`memory`] (what is behind it), [`publish`], [`transaction`], [`request`],
//! [`context`], [`handler`](mod@handler), [`bus`], and [`admin`], by which a fleet is looked after.
//!
//! The guide, the guarantees, the errors and the wire format are in the
//! [book](https://github.com/leveret-rs/leveret/blob/main/docs/src/SUMMARY.md).
//!
//! # Features
//! - `tls` (default): `amqps://` URLs, by rustls.
//! - `contracts`: the module `contracts`, which says as data what a service says on the wire: JSON Schemas,
//!   snapshots of them that show a breaking change, and documents such as AsyncAPI.

mod deadline;
pub mod error;
pub mod headers;
mod id;
mod lazy;
mod numbered;

pub mod codec;
pub mod envelope;
pub mod topology;

mod delay;
pub mod message;
pub mod retry;
pub mod telemetry;

pub mod transport;

pub mod amqp;
pub mod memory;
pub mod publish;

pub mod request;
pub mod transaction;

pub mod context;

pub mod handler;
mod middleware;

mod consume;

pub mod admin;
pub mod bus;
#[cfg(feature = "contracts")]
pub mod contracts;

#[cfg(feature = "__bench")]
#[doc(hidden)]
pub mod __bench;
#[doc(hidden)]
pub mod __private;

#[cfg(doctest)]
mod book;

pub use self::amqp::TlsOptions;
pub use self::bus::{Bus, BusBuilder, BusError, StartError};
pub use self::context::{Context, Delivery};
pub use self::envelope::AnyMessage;
pub use self::error::{Failure, HandlerError, HandlerResultExt};
pub use self::handler::Endpoint;
pub use self::memory::MemoryBroker;
pub use self::message::Message;
pub use self::publish::SendError;
pub use self::request::RequestError;
pub use self::retry::RetryPolicy;
pub use self::topology::QueueOptions;
pub use self::transaction::{CommitError, Transaction};

/// Declares a contract: what kind of message a type is, and where it goes.
///
/// ```
/// use leveret::{Message, message::MessageKind};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(command, endpoint = "billing", reply = Receipt)]
/// struct ChargeCard { cents: u64 }
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(reply, name = "billing.Receipt")]
/// struct Receipt { authorised: bool }
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(event, topic = "billing.card-charged", owner = "billing", also = "Charged", mandatory = false)]
/// struct CardCharged { cents: u64 }
///
/// assert_eq!(ChargeCard::CONTRACT.kind, MessageKind::Command);
/// assert_eq!(ChargeCard::CONTRACT.reply, Some("billing.Receipt"));
/// assert_eq!(CardCharged::CONTRACT.address, "billing.card-charged");
/// assert_eq!(CardCharged::CONTRACT.owner, Some("billing"));
/// assert_eq!(CardCharged::CONTRACT.also, ["Charged"]);
/// ```
pub use leveret_macros::Message;

/// Makes a service an [`Endpoint`]: above an `impl` block it names the endpoint, above a method in it a handler.
///
/// ```
/// use leveret::{Context, Endpoint, HandlerError, Message, envelope::AnyMessage, handler};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(command, endpoint = "billing", reply = Receipt)]
/// struct ChargeCard { cents: u64 }
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(reply)]
/// struct Receipt { authorised: bool }
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(event, topic = "orders.placed")]
/// struct OrderPlaced { order: u64 }
///
/// struct Billing { limit: u64 }
///
/// #[handler(endpoint = "billing")]
/// impl Billing {
///     #[handler]
///     async fn charge(&self, command: ChargeCard) -> Result<Receipt, HandlerError> {
///         Ok(Receipt { authorised: command.cents <= self.limit })
///     }
///
///     #[handler(topic = "orders.*")]
///     async fn order_placed(&self, event: OrderPlaced, ctx: &Context) -> Result<(), HandlerError> {
///         # let _ = (event.order, ctx);
///         Ok(())
///     }
///
///     #[handler(topic = "audit.#")]
///     async fn anything(&self, message: AnyMessage) -> Result<(), HandlerError> {
///         # let _ = message;
///         Ok(())
///     }
/// }
///
/// assert_eq!(Billing::NAME, "billing");
/// assert_eq!(Billing::ROUTES[1].topic, Some("orders.*"));
/// ```
pub use leveret_macros::handler;
