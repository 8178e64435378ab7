use std::fmt;

/// Whether a message asks one endpoint (a command; a reply counts as one, as in PikaBus) or tells everybody (an event).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intent {
    /// To one endpoint.
    Command,
    /// To whoever subscribed.
    Event,
}

impl Intent {
    /// What the header `Intent` says.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Event => "event",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            word if word.eq_ignore_ascii_case("command") => Some(Self::Command),
            word if word.eq_ignore_ascii_case("event") => Some(Self::Event),
            _ => None,
        }
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
