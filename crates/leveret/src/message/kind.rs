//! The kinds of messages, as types.

use serde::{Serialize, de::DeserializeOwned};

use super::{MessageKind, Raw};
use crate::{
    codec::{Codec, CodecError, Slot},
    envelope::AnyMessage,
};

mod sealed {
    pub trait Sealed {}
}

/// What a kind does with a message: commands, events and replies go through the codec, `AnyMessage` stays as it is.
///
/// The bound on serde stands on the implementations and not on `Message`, so that a missing derive is one error with a
/// sentence of ours instead of serde's two.
#[diagnostic::on_unimplemented(
    message = "`{M}` cannot be put on the wire",
    label = "`{M}` needs both `Serialize` and `Deserialize`",
    note = "write `#[derive(Serialize, Deserialize, Message)]`, and the first two on the types of its fields as well"
)]
pub trait Kind<M>: sealed::Sealed + Send + Sync + 'static {
    #[doc(hidden)]
    const KIND: MessageKind;

    #[doc(hidden)]
    fn encode(message: &M, codec: &dyn Codec) -> Result<Vec<u8>, CodecError>;

    #[doc(hidden)]
    fn read(raw: Raw<'_>) -> Result<M, CodecError>;
}

/// The kinds that a command can promise in return.
pub trait AnswerKind: sealed::Sealed {}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}

        impl sealed::Sealed for $kind {}

        #[diagnostic::do_not_recommend]
        impl<M: Serialize + DeserializeOwned> Kind<M> for $kind {
            const KIND: MessageKind = MessageKind::$kind;

            fn encode(message: &M, codec: &dyn Codec) -> Result<Vec<u8>, CodecError> {
                codec.encode_contract(message)
            }

            fn read(raw: Raw<'_>) -> Result<M, CodecError> {
                let mut slot = Slot(None);
                raw.codec.decode(&raw.received.envelope.body, &mut slot)?;
                slot.0.ok_or_else(|| CodecError::decoding("the codec found no value"))
            }
        }
    )*};
}

kinds! {
    /// Asks one endpoint to do something: `send`, `defer`, `request`.
    Command,
    /// Tells everybody that something has happened: `publish`, `subscribe`.
    Event,
    /// Answers a command: returned by its handler, or `ctx.reply`.
    Reply,
}

#[diagnostic::do_not_recommend]
impl AnswerKind for Reply {}

/// Whatever arrives: [`AnyMessage`].
#[derive(Debug)]
pub enum Any {}

impl sealed::Sealed for Any {}

#[diagnostic::do_not_recommend]
impl Kind<AnyMessage> for Any {
    const KIND: MessageKind = MessageKind::Any;

    fn encode(message: &AnyMessage, _: &dyn Codec) -> Result<Vec<u8>, CodecError> {
        Ok(message.body().to_vec())
    }

    fn read(raw: Raw<'_>) -> Result<AnyMessage, CodecError> {
        Ok(AnyMessage::new(raw.received.clone(), raw.names.clone()))
    }
}

/// A contract with a mistake in its attribute, which the compiler has reported: goes with every verb, so that one
/// mistake stays one error.
#[doc(hidden)]
#[derive(Debug)]
pub enum Broken {}

impl sealed::Sealed for Broken {}

#[diagnostic::do_not_recommend]
impl AnswerKind for Broken {}

#[diagnostic::do_not_recommend]
impl<M> Kind<M> for Broken {
    const KIND: MessageKind = MessageKind::Broken;

    fn encode(_: &M, _: &dyn Codec) -> Result<Vec<u8>, CodecError> {
        Err(CodecError::encoding("the contract has a mistake"))
    }

    fn read(_: Raw<'_>) -> Result<M, CodecError> {
        Err(CodecError::decoding("the contract has a mistake"))
    }
}
