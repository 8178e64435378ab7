use std::{
    io::{self, Write},
    os::unix::net::UnixStream as BlockingStream,
    path::PathBuf,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    time::timeout,
};

/// How long one call may take.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// The Erlang expressions that a node evaluates for us: `control.erl` is the other end.
#[derive(Debug, Clone)]
pub(super) struct Control {
    socket: PathBuf,
}

impl Control {
    pub(super) fn new(socket: PathBuf) -> Self {
        Self { socket }
    }

    /// Whether the node serves clients. The socket of a node that was killed stays behind and refuses.
    pub(super) async fn is_ready(&self) -> bool {
        UnixStream::connect(&self.socket).await.is_ok()
    }

    /// The value of an expression: a binary as it is, any other term as Erlang writes it.
    ///
    /// Panics when the node does not answer or the expression fails, as a test should.
    pub(super) async fn eval(&self, expression: &str) -> String {
        match timeout(CALL_TIMEOUT, self.call(expression)).await {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => panic!("the broker failed to evaluate `{expression}`: {error}"),
            Err(_) => panic!("the broker did not evaluate `{expression}` within {CALL_TIMEOUT:?}"),
        }
    }

    /// Starts an expression and does not wait for it; for `Drop`, where nothing can be awaited.
    pub(super) fn fire(&self, expression: &str) -> io::Result<()> {
        let mut stream = BlockingStream::connect(&self.socket)?;
        stream.set_write_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(&frame(expression)?)
    }

    async fn call(&self, expression: &str) -> io::Result<String> {
        let mut stream = UnixStream::connect(&self.socket).await?;
        stream.write_all(&frame(expression)?).await?;
        let length = stream.read_u32().await?;
        let failed = stream.read_u8().await? != 0;
        let mut text = String::new();
        stream.take(u64::from(length.saturating_sub(1))).read_to_string(&mut text).await?;
        if failed { Err(io::Error::other(text)) } else { Ok(text) }
    }
}

/// An expression as Erlang's `{packet, 4}` frames it.
fn frame(expression: &str) -> io::Result<Vec<u8>> {
    let text = format!("{expression}.");
    let length = u32::try_from(text.len()).map_err(io::Error::other)?;
    Ok([&length.to_be_bytes(), text.as_bytes()].concat())
}

/// A string as an Erlang binary, byte for byte, so that nothing needs to be escaped.
pub(super) fn binary(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| byte.to_string()).collect();
    format!("<<{}>>", bytes.join(","))
}

#[cfg(test)]
mod tests {
    use super::{binary, frame};

    #[test]
    fn any_string_becomes_a_binary() {
        assert_eq!(binary(""), "<<>>");
        assert_eq!(binary("a\"é"), "<<97,34,195,169>>");
    }

    #[test]
    fn a_frame_counts_its_bytes() {
        assert_eq!(frame("ok").unwrap(), b"\0\0\0\x03ok.");
    }
}
