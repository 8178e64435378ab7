use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use super::Envelope;

/// The envelope of a message out of a queue: the receiver's own, or one that a broker in process still keeps.
#[derive(Debug, Clone)]
pub struct KeptEnvelope(Kept);

#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "what comes over a network is never shared, and in no other place"
)]
enum Kept {
    Own(Envelope),
    Shared(Arc<Envelope>),
}

impl Deref for KeptEnvelope {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        match &self.0 {
            Kept::Own(envelope) => envelope,
            Kept::Shared(envelope) => envelope,
        }
    }
}

/// What is changed is the receiver's own from then on.
impl DerefMut for KeptEnvelope {
    fn deref_mut(&mut self) -> &mut Envelope {
        match &mut self.0 {
            Kept::Own(envelope) => envelope,
            Kept::Shared(envelope) => Arc::make_mut(envelope),
        }
    }
}

impl From<Envelope> for KeptEnvelope {
    fn from(envelope: Envelope) -> Self {
        Self(Kept::Own(envelope))
    }
}

impl From<Arc<Envelope>> for KeptEnvelope {
    fn from(envelope: Arc<Envelope>) -> Self {
        Self(Kept::Shared(envelope))
    }
}

impl PartialEq<Envelope> for KeptEnvelope {
    fn eq(&self, other: &Envelope) -> bool {
        **self == *other
    }
}
