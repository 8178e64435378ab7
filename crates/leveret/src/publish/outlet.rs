use super::{Settings, Sink};

/// How a bus writes its messages, and where they leave. In one place, so that what handlers on several threads share is
/// counted once for each message.
#[derive(Debug)]
pub(crate) struct Outlet {
    pub(crate) settings: Settings,
    pub(crate) sink: Box<dyn Sink>,
}
