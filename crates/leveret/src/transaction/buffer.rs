use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;

use crate::publish::{Prepared, SendError, Sink};

/// The messages of a transaction. As long as its owner makes it: the program decides how much one transaction holds.
#[derive(Debug, Default)]
pub(super) struct Buffer(Mutex<Vec<Prepared>>);

impl Buffer {
    pub(super) fn take(&self) -> Vec<Prepared> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[async_trait]
impl Sink for Buffer {
    async fn accept(&self, prepared: Prepared) -> Result<(), SendError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(prepared);
        Ok(())
    }
}
