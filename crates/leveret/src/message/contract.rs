use serde::{Deserialize, Serialize};

use super::{Answer, Opened, Promise, Raw, kind::Kind};
use crate::error::HandlerError;

/// A contract between services: a command, an event or a reply.
///
/// Derive it; what the attribute says is checked by the compiler:
///
/// ```
/// use leveret::Message;
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(command, endpoint = "billing", reply = Receipt)] // one owner: the endpoint "billing"
/// struct ChargeCard { cents: u64 }
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(reply)]
/// struct Receipt { authorised: bool }
///
/// #[derive(Serialize, Deserialize, Message)]
/// #[message(event, topic = "billing.card-charged")] // published by its owner
/// struct CardCharged { cents: u64 }
///
/// assert_eq!(ChargeCard::ADDRESS, "billing");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a message",
    label = "`{Self}` has no contract",
    note = "declare one: `#[derive(Message)]` with `#[message(command, endpoint = \"..\")]`, `#[message(event, topic = \"..\")]` or `#[message(reply)]`"
)]
pub trait Message: Sized + Send + 'static {
    /// [`Command`](super::kind::Command), [`Event`](super::kind::Event) or [`Reply`](super::kind::Reply).
    type Kind: Kind<Self>;

    /// What a handler of it returns: the promised reply, or `()`.
    type Reply: Answer;

    /// Who may publish an event, as a type. Written by hand it is `()`, anyone: [`OWNER`](Self::OWNER) is then judged when
    /// it runs.
    type Owner;

    /// Its name on the wire (header `MessageType`).
    const NAME: &'static str;

    /// The endpoint of a command, the topic of an event, nothing for a reply.
    const ADDRESS: &'static str;

    /// Whether publishing an event that nobody subscribed to is an error.
    const MANDATORY: bool = true;

    /// The one endpoint that may publish an event; `None` is any.
    const OWNER: Option<&'static str> = None;

    /// Names that it had on the wire before: it is written under [`NAME`](Self::NAME) and read under these too.
    const ALSO: &'static [&'static str] = &[];

    /// The contract as plain data.
    const CONTRACT: Contract = Contract {
        name: Self::NAME,
        kind: <Self::Kind as Kind<Self>>::KIND,
        address: Self::ADDRESS,
        reply: <Self::Reply as Answer>::NAME,
        mandatory: Self::MANDATORY,
        owner: Self::OWNER,
        also: Self::ALSO,
    };

    #[doc(hidden)]
    fn open(raw: Raw<'_>) -> Result<Opened<Self, Self::Reply>, HandlerError> {
        let message =
            <Self::Kind as Kind<Self>>::read(raw).map_err(|error| HandlerError::from(error).permanent())?;
        Ok(Opened { message, promise: Promise::new() })
    }
}

/// What a contract says, as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contract {
    /// Its name on the wire.
    pub name: &'static str,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// The endpoint of a command, the topic of an event, nothing for a reply.
    pub address: &'static str,
    /// The name of the reply that a command promises.
    pub reply: Option<&'static str>,
    /// Whether publishing an event that nobody subscribed to is an error.
    pub mandatory: bool,
    /// The one endpoint that may publish an event; `None` is any.
    pub owner: Option<&'static str>,
    /// The names on the wire that it is read under besides its own.
    pub also: &'static [&'static str],
}

/// The kinds of messages, as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum MessageKind {
    /// Asks one endpoint to do something.
    Command,
    /// Tells everybody that something has happened.
    Event,
    /// Answers a command.
    Reply,
    /// Whatever arrives.
    Any,
    /// A contract with a mistake in its attribute, which the compiler has reported.
    #[doc(hidden)]
    Broken,
}
