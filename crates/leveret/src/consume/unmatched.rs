use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

/// How many topics are remembered. Beyond that nothing is told: so many are no leftovers of an old binding.
const MOST_TOPICS: usize = 1_000;

/// The topics of events that no handler takes. Each is worth one line in the log, and not one for each event.
#[derive(Debug, Default)]
pub(super) struct Unmatched(Mutex<HashSet<String>>);

impl Unmatched {
    /// An event of `topic` is acknowledged unhandled.
    pub(super) fn forget(&self, topic: &str, queue: &str) {
        if self.is_news(topic) {
            tracing::warn!(
                topic,
                queue,
                "no handler takes events of this topic: they are acknowledged; unbind it if it is an old binding"
            );
        }
    }

    /// Whether this is the first event of its topic.
    fn is_news(&self, topic: &str) -> bool {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        topics.len() < MOST_TOPICS && topics.insert(topic.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_topic_once_and_not_without_end() {
        let unmatched = Unmatched::default();
        assert!(unmatched.is_news("orders.placed"));
        assert!(!unmatched.is_news("orders.placed"));
        assert!(unmatched.is_news("orders.shipped"));
        let told = (0..2 * MOST_TOPICS).filter(|n| unmatched.is_news(&n.to_string())).count();
        assert_eq!(told, MOST_TOPICS - 2);
    }
}
