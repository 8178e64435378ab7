use std::{
    cell::Cell,
    future::Future,
    panic::{self, AssertUnwindSafe},
    sync::Once,
    thread,
};

use futures_util::FutureExt;
use tokio::task_local;

task_local! {
    /// Where the handler that runs has panicked last.
    static PLACE: Cell<Option<String>>;
}

/// How a future panicked.
#[derive(Debug)]
pub(super) struct Panicked {
    /// What it said.
    pub(super) message: String,
    /// `file:line:column`, if that is known.
    pub(super) place: Option<String>,
}

/// Lets panics of handlers tell where they happened, which only a panic hook learns.
///
/// The hook is of the whole process, so it is installed once, and does nothing but note the place while a handler runs;
/// then it calls the hook that was there before, so every panic prints what it always printed. A hook that the program
/// sets later replaces this one, unless it calls it: then panics of handlers come without their place.
pub(crate) fn install_panic_hook() {
    static INSTALLED: Once = Once::new();
    if thread::panicking() {
        return; // a hook cannot be set then; the next bus does it
    }
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string);
            // Fails outside of handlers: there is nothing to note it in.
            let _ = PLACE.try_with(|slot| slot.set(place));
            before(info);
        }));
    });
}

/// Runs a future to its end, or to its panic.
pub(super) async fn caught<T>(future: impl Future<Output = T>) -> Result<T, Panicked> {
    PLACE
        .scope(Cell::new(None), async {
            // Unwind safe: what a panic leaves behind is the handler's own transaction, which is dropped with it, and
            // the user's service, whose locks poison themselves.
            AssertUnwindSafe(future).catch_unwind().await.map_err(|panic| Panicked {
                message: panic
                    .downcast_ref::<&str>()
                    .map(|text| (*text).to_owned())
                    .or_else(|| panic.downcast::<String>().ok().map(|text| *text))
                    .unwrap_or_else(|| "a value that is no text".to_owned()),
                place: PLACE.with(Cell::take),
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn tells_where() {
        install_panic_hook();
        install_panic_hook();
        let line = line!() + 1;
        let panicked = caught(async { panic!("card {} is burnt", 7) }).await.unwrap_err();
        assert_eq!(panicked.message, "card 7 is burnt");
        let place = panicked.place.unwrap();
        assert!(place.contains(&format!("panics.rs:{line}:")), "{place}");
        assert_eq!(caught(async { 7 }).await.unwrap(), 7);
    }

    /// What another task panics with is none of the handler's, and a panic that goes on is not told by the hook.
    #[tokio::test]
    async fn only_of_the_handler_itself() {
        install_panic_hook();
        let panicked = caught(async {
            let other = tokio::spawn(async { panic!("elsewhere") }).await.unwrap_err();
            panic::resume_unwind(other.into_panic())
        });
        let panicked = panicked.await.map(|(): ()| ()).unwrap_err();
        assert_eq!((&*panicked.message, panicked.place), ("elsewhere", None));
        let value = caught(async { panic::panic_any(7) }).await.map(|(): ()| ()).unwrap_err();
        assert_eq!(value.message, "a value that is no text");
        assert!(value.place.is_some());
    }
}
