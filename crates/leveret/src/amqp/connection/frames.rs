use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// What opens an AMQP 0-9-1 connection.
pub(super) const PROTOCOL_HEADER: &[u8] = b"AMQP\0\0\x09\x01";

pub(super) const START: (u16, u16) = (10, 10);
pub(super) const START_OK: (u16, u16) = (10, 11);
pub(super) const TUNE: (u16, u16) = (10, 30);
pub(super) const TUNE_OK: (u16, u16) = (10, 31);
pub(super) const OPEN: (u16, u16) = (10, 40);
pub(super) const OPEN_OK: (u16, u16) = (10, 41);
pub(super) const CLOSE: (u16, u16) = (10, 50);

/// More than any method of a handshake.
const MAX_FRAME: u32 = 128 * 1024;
const METHOD_FRAME: u8 = 1;
const FRAME_END: u8 = 0xCE;

/// A method of channel 0: its number and its arguments, undecoded.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) number: (u16, u16),
    pub(super) arguments: Vec<u8>,
}

impl Method {
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let malformed = || io::Error::new(io::ErrorKind::InvalidData, "this is not AMQP");
        let kind = stream.read_u8().await?;
        let _channel = stream.read_u16().await?;
        let size = stream.read_u32().await?;
        if kind != METHOD_FRAME || !(4..=MAX_FRAME).contains(&size) {
            return Err(malformed());
        }
        let number = (stream.read_u16().await?, stream.read_u16().await?);
        let mut arguments = vec![0; size as usize - 4];
        stream.read_exact(&mut arguments).await?;
        if stream.read_u8().await? != FRAME_END {
            return Err(malformed());
        }
        Ok(Self { number, arguments })
    }

    pub(super) async fn write(self, stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        let size = u32::try_from(self.arguments.len() + 4).unwrap_or(MAX_FRAME);
        let mut frame = vec![METHOD_FRAME, 0, 0];
        frame.extend(size.to_be_bytes());
        frame.extend(self.number.0.to_be_bytes());
        frame.extend(self.number.1.to_be_bytes());
        frame.extend(self.arguments);
        frame.push(FRAME_END);
        stream.write_all(&frame).await?;
        stream.flush().await
    }

    /// Code and text of a `connection.close`.
    pub(super) fn close_reason(&self) -> Option<(u16, String)> {
        let (code, rest) = self.arguments.split_first_chunk::<2>()?;
        let (length, rest) = rest.split_first()?;
        let text = rest.get(..usize::from(*length))?;
        Some((u16::from_be_bytes(*code), String::from_utf8_lossy(text).into_owned()))
    }
}

/// A string with one length byte; too long ones are cut.
pub(super) fn short(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes().get(..255).unwrap_or(text.as_bytes());
    let mut out = vec![u8::try_from(bytes.len()).unwrap_or_default()];
    out.extend(bytes);
    out
}

/// Bytes with four length bytes in front: a long string, a table.
pub(super) fn long(bytes: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(bytes.len()).unwrap_or_default().to_be_bytes().to_vec();
    out.extend(bytes);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_method_comes_back() {
        let mut arguments = 403_u16.to_be_bytes().to_vec();
        arguments.extend(short("ACCESS_REFUSED"));
        arguments.extend([0; 4]);
        let mut wire = Vec::new();
        Method { number: CLOSE, arguments }.write(&mut wire).await.unwrap();
        let method = Method::read(&mut &*wire).await.unwrap();
        assert_eq!(method.number, CLOSE);
        assert_eq!(method.close_reason(), Some((403, "ACCESS_REFUSED".to_owned())));
    }

    #[tokio::test]
    async fn other_protocols_and_broken_frames_are_errors() {
        for wire in [
            &b"HTTP/1.1 400 Bad Request\r\n"[..],
            b"\x01\0\0\xff\xff\xff\xff....",
            b"\x01\0\0\0\0\0\x04",
            b"",
        ] {
            assert!(Method::read(&mut &*wire).await.is_err(), "{wire:?}");
        }
        assert_eq!(Method { number: CLOSE, arguments: vec![1, 2, 9, b'x'] }.close_reason(), None);
    }
}
