//! How a contract becomes a body, and back.

pub(crate) mod json;

use std::fmt;

use crate::error::{Error, ErrorKind};

pub use self::json::Json;

/// Turns contracts into bodies and back. JSON is the one that comes with the crate.
///
/// A codec is chosen for a whole bus with [`BusBuilder::codec`](crate::BusBuilder::codec). It works on
/// [`erased_serde`], so that it can be an object:
///
/// ```
/// use leveret::codec::{Codec, CodecError, Decode, Json};
///
/// /// JSON that a person can read.
/// #[derive(Debug)]
/// struct Pretty;
///
/// impl Codec for Pretty {
///     fn content_type(&self) -> &str { "application/json" }
///     fn content_encoding(&self) -> &str { "utf-8" }
///     fn encode(&self, message: &dyn erased_serde::Serialize) -> Result<Vec<u8>, CodecError> {
///         serde_json::to_vec_pretty(message).map_err(CodecError::encoding)
///     }
///     fn decode(&self, body: &[u8], target: &mut dyn Decode) -> Result<(), CodecError> {
///         Json.decode(body, target)
///     }
/// }
/// ```
pub trait Codec: fmt::Debug + Send + Sync + 'static {
    /// What the header `ContentType` says, e.g. `application/json`.
    fn content_type(&self) -> &str;

    /// What the header `ContentEncoding` says, e.g. `utf-8`.
    fn content_encoding(&self) -> &str;

    /// The body of a message.
    ///
    /// # Errors
    /// When the message has no form in this codec, such as a map with keys that are no strings in JSON.
    fn encode(&self, message: &dyn erased_serde::Serialize) -> Result<Vec<u8>, CodecError>;

    /// As [`encode`](Self::encode), which it calls: what the crate calls for a contract, so that its own codec need not
    /// take the detour over an erased serializer.
    #[doc(hidden)]
    fn encode_contract(&self, contract: &dyn Encode) -> Result<Vec<u8>, CodecError> {
        self.encode(contract.erased())
    }

    /// Reads a body into `target`, by handing it a deserializer.
    ///
    /// # Errors
    /// When the body is not well-formed, has bytes left over, or does not fit the contract.
    fn decode(&self, body: &[u8], target: &mut dyn Decode) -> Result<(), CodecError>;
}

/// A contract that is encoded: any type that serde can write.
#[doc(hidden)]
pub trait Encode {
    /// For codecs of all kinds.
    fn erased(&self) -> &dyn erased_serde::Serialize;

    /// For JSON, as over [`erased`](Self::erased).
    fn to_json(&self) -> Result<Vec<u8>, serde_json::Error>;
}

impl<T: serde::Serialize> Encode for T {
    fn erased(&self) -> &dyn erased_serde::Serialize {
        self
    }

    fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut body = Vec::with_capacity(EVERYDAY_BODY);
        serde_json::to_writer(&mut body, self)?;
        Ok(body)
    }
}

/// Room for the body of an everyday message, in bytes: what is longer grows from there.
const EVERYDAY_BODY: usize = 512;

/// What a codec decodes into: a slot for one contract.
pub trait Decode {
    /// Takes the value out of `from`.
    ///
    /// # Errors
    /// When the data does not fit the contract.
    fn fill(&mut self, from: &mut dyn erased_serde::Deserializer<'_>) -> Result<(), erased_serde::Error>;

    /// Takes the value out of JSON, as [`fill`](Self::fill) would, without the detour over an erased deserializer: that
    /// allocates for most fields.
    ///
    /// # Errors
    /// When it is not JSON, has bytes left over, or does not fit the contract.
    fn fill_json(&mut self, json: &[u8]) -> Result<(), serde_json::Error>;
}

/// A [`Decode`] for any type that serde can read.
pub(crate) struct Slot<T>(pub(crate) Option<T>);

impl<T: serde::de::DeserializeOwned> Decode for Slot<T> {
    fn fill(&mut self, from: &mut dyn erased_serde::Deserializer<'_>) -> Result<(), erased_serde::Error> {
        self.0 = Some(erased_serde::deserialize(from)?);
        Ok(())
    }

    fn fill_json(&mut self, json: &[u8]) -> Result<(), serde_json::Error> {
        // Checked once, and not again for each text in it. What is no UTF-8 serde_json knows better how to refuse.
        self.0 = Some(match str::from_utf8(json) {
            Ok(text) => serde_json::from_str(text)?,
            Err(_) => serde_json::from_slice(json)?,
        });
        Ok(())
    }
}

/// A message that could not be encoded, or a body that could not be decoded.
pub type CodecError = Error<CodecErrorKind>;

/// Which way a codec failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodecErrorKind {
    /// The message has no form in the codec.
    Encoding,
    /// The body is not what its contract says.
    Decoding,
}

impl CodecError {
    /// The message has no form in the codec.
    pub fn encoding(source: impl Into<crate::error::BoxError>) -> Self {
        Self::with_source(CodecErrorKind::Encoding, source)
    }

    /// The body is not what its contract says.
    pub fn decoding(source: impl Into<crate::error::BoxError>) -> Self {
        Self::with_source(CodecErrorKind::Decoding, source)
    }
}

impl fmt::Display for CodecErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "the message cannot be encoded",
            Self::Decoding => "the body cannot be decoded",
        })
    }
}

impl ErrorKind for CodecErrorKind {
    fn is_retryable(&self) -> bool {
        false
    }
}
