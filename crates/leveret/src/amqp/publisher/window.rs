use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};

/// How many messages may be sent and not yet confirmed, by count and by bytes.
#[derive(Debug)]
pub(super) struct Window {
    /// One at a time goes from the crowd into the window, in the order in which they came: two free places must not
    /// let a later message overtake one that was woken but has not run yet.
    turnstile: Semaphore,
    places: Semaphore,
    bytes: Semaphore,
    size: usize,
}

/// A message's share of the window, until it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    window: Arc<Window>,
    bytes: u32,
}

/// A place, and the turn to use it: while this lives nobody else gets one, so what is done meanwhile keeps the order.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    window: &'a Arc<Window>,
    place: SemaphorePermit<'a>,
    bytes: SemaphorePermit<'a>,
    turn: SemaphorePermit<'a>,
}

impl Window {
    pub(super) fn new(messages: usize, bytes: usize) -> Self {
        Self {
            turnstile: Semaphore::new(1),
            places: Semaphore::new(messages),
            bytes: Semaphore::new(bytes),
            size: bytes,
        }
    }

    /// Admits nothing more; who waits to be admitted gets `None`.
    pub(super) fn close(&self) {
        self.turnstile.close();
        self.places.close();
        self.bytes.close();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.turnstile.is_closed()
    }

    /// A place, if there is room and nobody waits for it.
    pub(super) fn try_enter(self: &Arc<Self>, bytes: usize) -> Option<Turn<'_>> {
        let turn = self.turnstile.try_acquire().ok()?;
        let place = self.places.try_acquire().ok()?;
        let bytes = self.bytes.try_acquire_many(self.share(bytes)).ok()?;
        Some(Turn { window: self, place, bytes, turn })
    }

    /// Waits for a place. `None` when the window is closed. Cancel safe.
    pub(super) async fn enter(self: &Arc<Self>, bytes: usize) -> Option<Turn<'_>> {
        let turn = self.turnstile.acquire().await.ok()?;
        let place = self.places.acquire().await.ok()?;
        let bytes = self.bytes.acquire_many(self.share(bytes)).await.ok()?;
        Some(Turn { window: self, place, bytes, turn })
    }

    /// A message larger than the whole window may go when it goes alone.
    fn share(&self, bytes: usize) -> u32 {
        u32::try_from(bytes.min(self.size)).unwrap_or(u32::MAX)
    }
}

impl Turn<'_> {
    /// Takes the place to where it is used, while it is still this turn.
    pub(super) fn take<T>(self, then: impl FnOnce(Place) -> T) -> T {
        let bytes = u32::try_from(self.bytes.num_permits()).unwrap_or(u32::MAX);
        // From here on the place gives them back.
        self.place.forget();
        self.bytes.forget();
        let done = then(Place { window: self.window.clone(), bytes });
        drop(self.turn);
        done
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.window.places.add_permits(1);
        self.window.bytes.add_permits(self.bytes as usize);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn free(window: &Window) -> (usize, usize) {
        (window.places.available_permits(), window.bytes.available_permits())
    }

    fn place(turn: Option<Turn<'_>>) -> Option<Place> {
        turn.map(|turn| turn.take(|place| place))
    }

    #[test]
    fn a_place_is_given_back_once() {
        let window = Arc::new(Window::new(2, 100));
        let first = place(window.try_enter(60));
        assert_eq!(free(&window), (1, 40));
        assert!(window.try_enter(41).is_none());
        drop(window.try_enter(40)); // a turn that is not taken
        assert_eq!(free(&window), (1, 40));
        let second = place(window.enter(40).now_or_never().flatten());
        assert!(window.try_enter(0).is_none());
        drop((first, second));
        assert_eq!(free(&window), (2, 100));
    }

    #[test]
    fn what_is_larger_than_the_window_goes_alone() {
        let window = Arc::new(Window::new(2, 100));
        let large = place(window.try_enter(101));
        assert!(large.is_some());
        assert!(window.try_enter(1).is_none());
        drop(large);
        assert_eq!(free(&window), (2, 100));
    }

    #[tokio::test]
    async fn nobody_overtakes_who_waits() {
        let window = Arc::new(Window::new(2, 100));
        let (first, second) = (place(window.try_enter(50)), place(window.try_enter(50)));
        let waiting = window.enter(60);
        tokio::pin!(waiting);
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(first);
        assert!(window.try_enter(1).is_none(), "there is room, but somebody waits");
        drop(second);
        assert!(window.try_enter(1).is_none());
        assert!(waiting.await.is_some());
        assert_eq!(free(&window), (2, 100));
    }

    #[tokio::test]
    async fn a_closed_window_admits_nobody() {
        let window = Arc::new(Window::new(1, 100));
        let first = place(window.try_enter(1));
        let waiting = window.enter(1);
        tokio::pin!(waiting);
        assert!(waiting.as_mut().now_or_never().is_none());
        window.close();
        assert!(window.is_closed());
        assert!(waiting.await.is_none());
        assert!(window.try_enter(1).is_none());
        drop(first);
    }
}
