use std::io::{self, Write};

use crate::{exit::Failure, text::one_line};

/// Writes text to standard output, with a line end.
///
/// # Errors
/// [`Failure::Unread`] when nobody reads it any more.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// Writes a line to standard error. There is nothing to do about it if that is closed.
pub(crate) fn complain(sentence: &str) {
    let _ = writeln!(io::stderr().lock(), "leveret: {}", one_line(sentence));
}

/// Writes several lines to standard error, as they are: what a compiler says.
pub(crate) fn complain_at_length(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end());
}
