use std::{
    fmt::{self, Write},
    panic::{AssertUnwindSafe, catch_unwind},
};

use crate::error::Failure;

/// The longest ErrorDetails, in bytes: a header table must fit into one frame, with the sender's own headers.
pub(super) const MAX_DETAILS: usize = 16 * 1024;
/// The longest ErrorType, in bytes.
const MAX_TYPE: usize = 1024;

/// The error and what caused it, one a line, as far as there is room. An error that goes on for ever is left at the
/// limit, and one that panics where it does: the message must get to the error queue all the same.
pub(super) fn details(failure: &Failure) -> String {
    let mut details = Limited { text: String::new(), limit: MAX_DETAILS };
    // Unwind safe: what is half written is a text all the same.
    let told = catch_unwind(AssertUnwindSafe(|| {
        failure.causes().enumerate().try_for_each(|(depth, error)| match depth {
            0 => write!(details, "{error}"),
            _ => write!(details, "\ncaused by: {error}"),
        })
    }));
    if told.is_err() {
        // No room for that is no loss.
        let _ = details.write_str("(the error panicked while it was written down)");
    }
    details.text
}

/// The Rust type of the error.
pub(super) fn type_name(failure: &Failure) -> String {
    let mut name = Limited { text: String::new(), limit: MAX_TYPE };
    let _ = name.write_str(failure.type_name());
    name.text
}

/// A text that is no longer than it may be, in bytes, and ends between two characters.
struct Limited {
    text: String,
    limit: usize,
}

impl Write for Limited {
    fn write_str(&mut self, more: &str) -> fmt::Result {
        let room = self.limit.saturating_sub(self.text.len());
        if more.len() <= room {
            self.text.push_str(more);
            return Ok(());
        }
        let end = (0..=room).rev().find(|end| more.is_char_boundary(*end)).unwrap_or(0);
        self.text.push_str(more.get(..end).unwrap_or_default());
        Err(fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use std::{error::Error, sync::Arc};

    use super::*;
    use crate::error::{BoxError, HandlerError};

    /// An error with a cause, or with itself as its cause.
    #[derive(Debug)]
    struct Link {
        text: Arc<str>,
        cause: Option<Box<Link>>,
        circle: bool,
    }

    impl fmt::Display for Link {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.text)
        }
    }

    impl Error for Link {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            if self.circle { Some(self) } else { self.cause.as_deref().map(|cause| cause as _) }
        }
    }

    /// Taken apart in a loop: 10,000 causes deep, dropping one inside the other would need a deep stack.
    impl Drop for Link {
        fn drop(&mut self) {
            let mut next = self.cause.take();
            while let Some(mut link) = next {
                next = link.cause.take();
            }
        }
    }

    fn chain(length: usize, text: &str) -> Link {
        let text: Arc<str> = text.into();
        let link = |cause| Link { text: text.clone(), cause, circle: false };
        (1..length).fold(link(None), |cause, _| link(Some(Box::new(cause))))
    }

    fn told(error: impl Into<BoxError>) -> String {
        details(&HandlerError::new(error).into_failure())
    }

    /// Tells itself for ever, as long as somebody writes it down.
    #[derive(Debug)]
    struct Endless;
    impl fmt::Display for Endless {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            loop {
                f.write_str("and so on, ")?;
            }
        }
    }
    impl Error for Endless {}

    /// Breaks off.
    #[derive(Debug)]
    struct Broken;
    impl fmt::Display for Broken {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("it was ")?;
            panic!("of the error");
        }
    }
    impl Error for Broken {}

    #[test]
    fn one_that_panics_is_told_as_far_as_it_goes() {
        assert_eq!(told(Broken), "it was (the error panicked while it was written down)");
    }

    #[test]
    fn one_a_line() {
        assert_eq!(told("no card"), "no card");
        assert_eq!(told(chain(3, "why")), "why\ncaused by: why\ncaused by: why");
    }

    #[test]
    fn however_long_it_is_bounded() {
        for error in [
            told("é".repeat(1_000_000)),
            told(chain(10_000, "cause")),
            told(chain(1_000, &"long ".repeat(200))),
            told(Link { text: "round".into(), cause: None, circle: true }),
            told(Link { text: "".into(), cause: None, circle: true }),
            told(Endless),
        ] {
            assert!((1_000..=MAX_DETAILS).contains(&error.len()), "{}: {:.60}", error.len(), error);
        }
        assert!(told(chain(1_000, &"long ".repeat(200))).len() == MAX_DETAILS);
    }

    #[test]
    fn types_too() {
        let failure = Failure::new("no".into(), Default::default(), "a::very::Long<Type>");
        assert_eq!(type_name(&failure), "a::very::Long<Type>");
        let long: &'static str = "x".repeat(5_000).leak();
        assert_eq!(type_name(&Failure::new("no".into(), Default::default(), long)).len(), MAX_TYPE);
    }
}
