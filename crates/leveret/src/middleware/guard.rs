use std::future::Future;

use tokio::time::{Instant, timeout_at};

use super::panics::{Panicked, caught};
use crate::error::{Class, Failure, HandlerError};

/// Runs a handler so that it always comes to an end: a panic is a failure like any other, and so is running past
/// `deadline` (design §4).
pub(crate) async fn guarded(
    handling: impl Future<Output = Result<(), Failure>>,
    deadline: Instant,
) -> Result<(), HandlerError> {
    match timeout_at(deadline, caught(handling)).await {
        Ok(Ok(outcome)) => Ok(outcome?),
        Ok(Err(panicked)) => Err(failure(panicked)),
        Err(_) => Err("the handler did not finish before its `handler_timeout`".into()),
    }
}

fn failure(Panicked { message, place }: Panicked) -> HandlerError {
    // The place first: the message may be long enough to be cut.
    let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
    Failure::new(format!("the handler panicked{place}: {message}").into(), Class::Policy, "panic").into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn panics_and_time_limits_are_failures() {
        let soon = || Instant::now() + Duration::from_secs(60);
        assert!(guarded(async { Ok(()) }, soon()).await.is_ok());
        let panic = guarded(async { panic!("card {} is burnt", 7) }, soon()).await.unwrap_err().to_string();
        assert!(panic.starts_with("the handler panicked") && panic.ends_with(": card 7 is burnt"), "{panic}");
        let late = guarded(std::future::pending(), soon()).await.unwrap_err();
        assert!(late.to_string().contains("handler_timeout"), "{late}");
    }

    #[test]
    fn a_panic_tells_where() {
        let at = |place: Option<&str>| {
            failure(Panicked { message: "burnt".to_owned(), place: place.map(str::to_owned) })
        };
        assert_eq!(at(None).to_string(), "the handler panicked: burnt");
        let known = at(Some("src/card.rs:7:9"));
        assert_eq!(known.to_string(), "the handler panicked at src/card.rs:7:9: burnt");
        assert_eq!(known.failure().type_name(), "panic");
    }
}
