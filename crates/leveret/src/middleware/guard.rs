use std::{any::Any, future::Future, panic::AssertUnwindSafe};

use futures_util::FutureExt;
use tokio::time::{Instant, timeout_at};

use crate::error::{Class, Failure, HandlerError};

/// Runs a handler so that it always comes to an end: a panic is a failure like any other, and so is running past
/// `deadline` (design §4).
pub(crate) async fn guarded(
    handling: impl Future<Output = Result<(), HandlerError>>,
    deadline: Instant,
) -> Result<(), HandlerError> {
    // Unwind safe: what a panic leaves behind is the handler's own transaction, which is dropped with it, and the
    // user's service, whose locks poison themselves.
    let caught = AssertUnwindSafe(handling).catch_unwind();
    match timeout_at(deadline, caught).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(panic)) => Err(panicked(&*panic)),
        Err(_) => Err("the handler did not finish before its `handler_timeout`".into()),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> HandlerError {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is no text");
    Failure::new(format!("the handler panicked: {message}").into(), Class::Policy, "panic").into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn panics_and_time_limits_are_failures() {
        let soon = || Instant::now() + Duration::from_secs(60);
        assert!(guarded(async { Ok(()) }, soon()).await.is_ok());
        let panic = guarded(async { panic!("card {} is burnt", 7) }, soon()).await.unwrap_err();
        assert_eq!(panic.to_string(), "the handler panicked: card 7 is burnt");
        assert_eq!(panic.failure().type_name(), "panic");
        let late = guarded(std::future::pending(), soon()).await.unwrap_err();
        assert!(late.to_string().contains("handler_timeout"), "{late}");
    }
}
