use super::{
    Contract, Message, Raw,
    kind::{AnswerKind, Kind},
};
use crate::codec::{Codec, CodecError};

/// What `reply = ..` may promise: a `#[message(reply)]`, or `()` where nothing is promised.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be promised as a reply",
    label = "`{Self}` is not declared `#[message(reply)]`",
    note = "declare it: `#[derive(Serialize, Deserialize, Message)] #[message(reply)]`"
)]
pub trait Answer: Sized + Send + 'static {
    /// The name of the reply on the wire; `None` for `()`.
    #[doc(hidden)]
    const NAME: Option<&'static str>;

    /// The contract of the reply; `None` for `()`.
    #[doc(hidden)]
    const CONTRACT: Option<Contract>;

    /// The encoded reply; `None` for `()`.
    #[doc(hidden)]
    fn encode(&self, codec: &dyn Codec) -> Option<Result<Vec<u8>, CodecError>>;

    #[doc(hidden)]
    fn read(raw: Raw<'_>) -> Result<Self, CodecError>;
}

#[diagnostic::do_not_recommend]
impl Answer for () {
    const NAME: Option<&'static str> = None;
    const CONTRACT: Option<Contract> = None;

    fn encode(&self, _: &dyn Codec) -> Option<Result<Vec<u8>, CodecError>> {
        None
    }

    fn read(_: Raw<'_>) -> Result<Self, CodecError> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<R: Message> Answer for R
where
    R::Kind: AnswerKind,
{
    const NAME: Option<&'static str> = Some(<R as Message>::NAME);
    const CONTRACT: Option<Contract> = Some(<R as Message>::CONTRACT);

    fn encode(&self, codec: &dyn Codec) -> Option<Result<Vec<u8>, CodecError>> {
        Some(<R::Kind as Kind<R>>::encode(self, codec))
    }

    fn read(raw: Raw<'_>) -> Result<Self, CodecError> {
        <R::Kind as Kind<R>>::read(raw)
    }
}
