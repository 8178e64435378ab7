/// Lets the handlers of the service `S` publish an event: the [`Owner`](super::Message::Owner) of the event, as a type.
///
/// The derive writes one for each event with an `owner`, which permits the services whose endpoint has that name.
pub trait Permits<S: ?Sized> {}

/// An event without an owner may be published by anyone.
#[diagnostic::do_not_recommend]
impl<S: ?Sized> Permits<S> for () {}

/// A service whose endpoint has this name, as a number: a type can hold no text yet. `#[handler]` writes it.
#[doc(hidden)]
pub trait Named<const NAME: u64> {}
