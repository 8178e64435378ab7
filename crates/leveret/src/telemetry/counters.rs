use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// How often what has happened on a bus since it started.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        #[non_exhaustive]
        pub struct Counts {
            $($(#[$doc])* pub $name: u64,)*
        }

        /// The counters behind [`Counts`].
        #[derive(Debug, Default)]
        pub(crate) struct Counters {
            $(pub(crate) $name: Counter,)*
        }

        impl Counters {
            pub(crate) fn read(&self) -> Counts {
                Counts { $($name: self.$name.0.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Messages whose handler succeeded.
    handled,
    /// Runs of a handler that failed, panicked or took too long.
    failed,
    /// Failed runs after which the handler is run again.
    retried,
    /// Messages moved to the error queue.
    moved_to_error,
    /// Messages that a plain queue took back, replaced by copies that count it.
    returns_counted,
    /// Messages that a handler asked to forget.
    discarded,
    /// Messages that came after their ExpiresAt.
    expired,
    /// Returned replies that nobody awaits, because their command came without a ReplyToAddress.
    replies_dropped,
    /// Replies to a plain `send` that the endpoint has no handler for.
    replies_unhandled,
    /// Replies that came after their request had given up, or that no request of this bus awaits.
    replies_late,
    /// Events that no handler of the endpoint takes: leftovers of an old binding.
    events_unmatched,
}

/// One counter.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
