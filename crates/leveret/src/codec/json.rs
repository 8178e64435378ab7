use super::{Codec, CodecError, Decode, Encode};

pub(crate) const CONTENT_TYPE: &str = "application/json";
pub(crate) const CONTENT_ENCODING: &str = "utf-8";

/// JSON in UTF-8, as PikaBus writes it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json;

impl Codec for Json {
    fn content_type(&self) -> &str {
        CONTENT_TYPE
    }

    fn content_encoding(&self) -> &str {
        CONTENT_ENCODING
    }

    fn encode(&self, message: &dyn erased_serde::Serialize) -> Result<Vec<u8>, CodecError> {
        serde_json::to_vec(message).map_err(CodecError::encoding)
    }

    fn encode_contract(&self, contract: &dyn Encode) -> Result<Vec<u8>, CodecError> {
        contract.to_json().map_err(CodecError::encoding)
    }

    fn decode(&self, body: &[u8], target: &mut dyn Decode) -> Result<(), CodecError> {
        target.fill_json(body).map_err(CodecError::decoding)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Slot;

    fn decode<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, CodecError> {
        let mut slot = Slot(None);
        Json.decode(body, &mut slot)?;
        Ok(slot.0.unwrap())
    }

    #[test]
    fn reads_what_it_writes() {
        let body = Json.encode(&("naïve", 7_u64, Some([1.5_f64]))).unwrap();
        assert_eq!(
            decode::<(String, u64, Option<[f64; 1]>)>(&body).unwrap(),
            ("naïve".into(), 7, Some([1.5]))
        );
    }

    #[test]
    fn writes_a_contract_as_it_writes_anything() {
        let contract = ("naïve\n".repeat(200), 7_u64, [None, Some(1.5_f64)]);
        assert_eq!(Json.encode_contract(&contract).unwrap(), Json.encode(&contract).unwrap());
        let no_json = std::collections::BTreeMap::from([((1, 2), 3)]);
        let (direct, erased) =
            (Json.encode_contract(&no_json).unwrap_err(), Json.encode(&no_json).unwrap_err());
        assert_eq!(direct.kind(), erased.kind());
    }

    #[test]
    fn refuses_what_is_left_over_and_what_does_not_fit() {
        for body in [&b"7 8"[..], b"", b"{", b"\"seven\"", b"\xff\xfe"] {
            let error = decode::<u64>(body).unwrap_err();
            assert!(std::error::Error::source(&error).is_some(), "{error:?} says why");
        }
    }
}
