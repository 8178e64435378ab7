use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::oneshot;

/// Who awaits which reply, by the correlation id.
#[derive(Debug, Clone, Default)]
pub(super) struct Replies(Arc<Mutex<HashMap<String, oneshot::Sender<Vec<u8>>>>>);

impl Replies {
    /// Before the request leaves: its reply may come at once.
    pub(super) fn expect(&self, id: &str) -> oneshot::Receiver<Vec<u8>> {
        let (sender, reply) = oneshot::channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), sender);
        reply
    }

    /// Gives a body to who awaits it, if anybody does.
    pub(super) fn arrived(&self, id: &str, body: Vec<u8>) {
        let awaited = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        if let Some(sender) = awaited {
            let _ = sender.send(body);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Replies;

    #[test]
    fn a_reply_reaches_its_request_alone() {
        let replies = Replies::default();
        let [mut one, mut two] = ["one", "two"].map(|id| replies.expect(id));
        replies.arrived("two", vec![2]);
        replies.arrived("two", vec![3]);
        replies.arrived("three", vec![4]);
        assert!(one.try_recv().is_err());
        assert_eq!(two.try_recv(), Ok(vec![2]));
    }
}
