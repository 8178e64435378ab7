use super::{Message, kind};
use crate::envelope::AnyMessage;

/// A message of a sealed kind of its own: it can be handled, and nothing else.
#[diagnostic::do_not_recommend]
impl Message for AnyMessage {
    type Kind = kind::Any;
    type Reply = ();
    type Owner = ();
    const NAME: &'static str = "*";
    const ADDRESS: &'static str = "";
}
