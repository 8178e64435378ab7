use std::{error::Error as StdError, fmt, time::Duration};

use super::BoxError;

/// How many causes of an error are looked at.
const MOST_CAUSES: usize = 100;

/// What a failure asks for, before the retry policy is consulted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Class {
    /// Nothing in particular: the retry policy decides.
    #[default]
    Policy,
    /// Trying again cannot help: the message goes to the error queue at once.
    Permanent,
    /// Try again, but not before this delay has passed.
    RetryAfter(Duration),
    /// The message is of no use any more: acknowledge it and forget it.
    Discard,
}

/// What a handler fails with.
///
/// Every error turns into it with `?`: standard errors, `anyhow::Error`, `String` and `&str`. For that reason it is no
/// [`std::error::Error`] itself; [`Failure`] is, for layers and logs.
///
/// ```
/// use leveret::{HandlerError, HandlerResultExt};
///
/// fn parse(text: &str) -> Result<u16, HandlerError> {
///     let port = text.parse::<u16>().permanent()?; // trying again would not help
///     if port == 0 {
///         return Err("port 0 is no port".into());
///     }
///     Ok(port)
/// }
/// assert!(parse("none").is_err());
/// ```
pub struct HandlerError(Box<Failure>);

/// The failure of a handler as a standard error: for layers, logs and the error queue.
///
/// It converts back into a [`HandlerError`] with its [`Class`] kept, also out of a boxed error.
#[derive(Debug)]
pub struct Failure {
    source: BoxError,
    class: Class,
    type_name: &'static str,
}

impl Failure {
    pub(crate) fn new(source: BoxError, class: Class, type_name: &'static str) -> Self {
        Self { source, class, type_name }
    }

    /// What the failure asks for.
    pub fn class(&self) -> Class {
        self.class
    }

    /// The Rust type of the error, as `?` saw it; travels as the header `ErrorType`.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// The error itself, to look for its type with `downcast_ref`.
    ///
    /// An error that came through `anyhow::Error` cannot be found this way.
    pub fn cause(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.source
    }

    /// The error itself and what caused it, outermost first: 100 at most, since a chain may go in a circle.
    pub fn causes(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        let outermost: &(dyn StdError + 'static) = &*self.source;
        std::iter::successors(Some(outermost), |error| (*error).source()).take(MOST_CAUSES)
    }

    /// The first `E` among the error and its causes.
    pub fn find<E: StdError + 'static>(&self) -> Option<&E> {
        self.causes().find_map(|error| error.downcast_ref())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.source()
    }
}

impl<E: Into<BoxError>> From<E> for HandlerError {
    fn from(error: E) -> Self {
        let type_name = std::any::type_name::<E>();
        match error.into().downcast::<Failure>() {
            Ok(failure) => Self(failure), // came back out of a layer
            Err(source) => Self(Box::new(Failure::new(source, Class::default(), type_name))),
        }
    }
}

impl HandlerError {
    /// A failure with this error as its cause.
    pub fn new(error: impl Into<BoxError>) -> Self {
        error.into().into()
    }

    /// Trying again cannot help: the message goes to the error queue at once.
    #[must_use]
    pub fn permanent(self) -> Self {
        self.with_class(Class::Permanent)
    }

    /// Try again, but not before `delay` has passed.
    #[must_use]
    pub fn retry_after(self, delay: Duration) -> Self {
        self.with_class(Class::RetryAfter(delay))
    }

    /// The message is of no use any more: acknowledge it and forget it.
    #[must_use]
    pub fn discard(self) -> Self {
        self.with_class(Class::Discard)
    }

    /// The same failure as a standard error.
    pub fn into_failure(self) -> Failure {
        *self.0
    }

    /// The failure, borrowed.
    pub fn failure(&self) -> &Failure {
        &self.0
    }

    fn with_class(mut self, class: Class) -> Self {
        self.0.class = class;
        self
    }
}

impl fmt::Debug for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for HandlerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through_question_mark<E: Into<HandlerError>>(error: E) -> HandlerError {
        fn inner<E: Into<HandlerError>>(error: E) -> Result<(), HandlerError> {
            Err(error.into())
        }
        inner(error).unwrap_err()
    }

    #[test]
    fn takes_any_error() {
        assert_eq!(through_question_mark("plain").to_string(), "plain");
        assert_eq!(through_question_mark(String::from("owned")).to_string(), "owned");
        let io = through_question_mark(std::io::Error::other("disk"));
        assert_eq!(io.failure().type_name(), "std::io::error::Error");
        assert!(io.failure().cause().downcast_ref::<std::io::Error>().is_some());
    }

    /// An error that causes itself.
    #[derive(Debug)]
    struct Circle;
    impl fmt::Display for Circle {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("round")
        }
    }
    impl StdError for Circle {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(self)
        }
    }

    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);
    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("outer")
        }
    }
    impl StdError for Outer {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn finds_an_error_among_the_causes() {
        let failure = HandlerError::from(Outer("x".parse::<u8>().unwrap_err())).into_failure();
        assert!(failure.find::<Outer>().is_some());
        assert!(failure.find::<std::num::ParseIntError>().is_some());
        assert!(failure.find::<fmt::Error>().is_none());
        let circle = HandlerError::from(Circle).into_failure();
        assert_eq!(circle.causes().count(), MOST_CAUSES);
        assert!(circle.find::<fmt::Error>().is_none());
    }

    #[test]
    fn keeps_its_class_through_a_layer_that_boxes() {
        let boxed: BoxError = HandlerError::from("no card").permanent().into_failure().into();
        assert_eq!(HandlerError::from(boxed).failure().class(), Class::Permanent);
    }
}
