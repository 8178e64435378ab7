/// What a reader makes of what a writer writes, at one place of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    /// The place, such as `$.card.number`.
    pub(super) place: String,
    pub(super) problem: Problem,
    /// What is written there, for people; `None` for nothing.
    pub(super) written: Option<String>,
    /// What is read there; `None` for nothing.
    pub(super) read: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// The reader needs the field, and it may be missing.
    Missing,
    /// The reader does not know the field, and goes on without it.
    Dropped,
    /// The reader does not know the field, and refuses the message.
    Refused,
    /// Something of another type, of another range or of another form than the reader takes.
    Unreadable,
    /// A value or a variant that the reader does not know.
    Unknown,
    /// What is there twice arrives once.
    Merged,
    /// Nothing here can judge it.
    Unclear,
}

impl Problem {
    /// Why, in the middle of a sentence.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::Missing => "it needs this field, which may be missing",
            Self::Dropped => "it drops this field in silence",
            Self::Refused => "it refuses fields that it does not know",
            Self::Unreadable => "it does not take all that may stand there",
            Self::Unknown => "it does not know this value",
            Self::Merged => "it keeps only one of what is there twice",
            Self::Unclear => "this cannot be judged here, look at it yourself",
        }
    }
}
