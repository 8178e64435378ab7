use std::{
    panic,
    sync::atomic::{AtomicU64, Ordering},
};

static PANICS: AtomicU64 = AtomicU64::new(0);

/// From now on panics are counted, those inside of tasks as well.
pub(super) fn watch() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        usual(info);
    }));
}

/// How many there were.
pub(super) fn count() -> u64 {
    PANICS.load(Ordering::Relaxed)
}
