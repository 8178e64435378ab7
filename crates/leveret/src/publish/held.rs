use std::sync::{Mutex, PoisonError};

use super::Prepared;

/// Messages that are held back until their transaction is committed. As many as its owner makes: the program decides how
/// much one transaction holds.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<Vec<Prepared>>);

impl Held {
    pub(crate) fn take(&self) -> Vec<Prepared> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub(crate) fn push(&self, prepared: Prepared) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(prepared);
    }
}
