//! The way of a message out of the program: encode, stamp, route, and hand over to a sink.

mod builders;
mod direct;
mod draft;
mod error;
mod held;
mod inherited;
mod outlet;
mod settings;
mod sink;
mod writer;

pub use self::builders::{DeferCommand, PublishEvent, SendCommand, SendReply};
pub(crate) use self::direct::DirectSink;
pub(crate) use self::draft::Draft;
pub use self::error::{SendError, SendErrorKind};
pub(crate) use self::held::Held;
pub(crate) use self::inherited::Inherited;
pub(crate) use self::outlet::Outlet;
pub(crate) use self::settings::Settings;
pub(crate) use self::sink::{Prepared, Sink};
pub(crate) use self::writer::Writer;
