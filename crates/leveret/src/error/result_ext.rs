use std::time::Duration;

use super::HandlerError;

/// Says on a `Result` what its error asks for: `gateway.charge().await.permanent()?`.
pub trait HandlerResultExt<T>: Sized {
    /// Trying again cannot help: the message goes to the error queue at once.
    ///
    /// # Errors
    /// The same error, as a [`HandlerError`].
    fn permanent(self) -> Result<T, HandlerError>;

    /// Try again, but not before `delay` has passed.
    ///
    /// # Errors
    /// The same error, as a [`HandlerError`].
    fn retry_after(self, delay: Duration) -> Result<T, HandlerError>;

    /// The message is of no use any more: acknowledge it and forget it.
    ///
    /// # Errors
    /// The same error, as a [`HandlerError`].
    fn discard(self) -> Result<T, HandlerError>;
}

impl<T, E: Into<HandlerError>> HandlerResultExt<T> for Result<T, E> {
    fn permanent(self) -> Result<T, HandlerError> {
        self.map_err(|error| error.into().permanent())
    }

    fn retry_after(self, delay: Duration) -> Result<T, HandlerError> {
        self.map_err(|error| error.into().retry_after(delay))
    }

    fn discard(self) -> Result<T, HandlerError> {
        self.map_err(|error| error.into().discard())
    }
}
