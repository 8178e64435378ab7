use std::{fmt, marker::PhantomData, sync::Arc};

use crate::{
    codec::Codec,
    envelope::{Names, Received},
};

/// A message before it is decoded, with what decoding takes.
#[derive(Debug, Clone, Copy)]
pub struct Raw<'a> {
    pub(crate) received: &'a Arc<Received>,
    pub(crate) names: &'a Arc<Names>,
    pub(crate) codec: &'a dyn Codec,
}

/// A decoded message, and what its contract promises in return.
#[doc(hidden)]
#[derive(Debug)]
pub struct Opened<M, R> {
    pub message: M,
    pub promise: Promise<M, R>,
}

/// Carries the types of a contract from the message to the handler's result, so that a message without a contract is
/// reported once.
#[doc(hidden)]
pub struct Promise<M, R>(PhantomData<fn() -> (M, R)>);

impl<M, R> Promise<M, R> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<M, R> fmt::Debug for Promise<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Promise")
    }
}
