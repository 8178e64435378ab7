use std::fmt;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// What is wrong, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    what: String,
    instead: String,
}

impl Mistake {
    pub(crate) fn new(what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { what: what.into(), instead: instead.into() }
    }
}

/// A macro has one text for an error and none for its note, so the note is a second line in rustc's own form.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n= note: {}", self.what, self.instead)
    }
}

/// All mistakes of one macro call, shown at once.
#[derive(Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// `what` is wrong at `tokens`; `instead` says what to write.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, what: impl Into<String>, instead: impl Into<String>) {
        self.push(syn::Error::new_spanned(tokens, Mistake::new(what, instead)));
    }

    /// The mistake that a check has found at `tokens`, if any.
    pub(crate) fn checked(&mut self, tokens: impl ToTokens, result: Result<(), Mistake>) {
        if let Err(mistake) = result {
            self.push(syn::Error::new_spanned(tokens, mistake));
        }
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(all) => all.combine(error),
            none => *none = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl ToTokens for Errors {
    fn to_tokens(&self, out: &mut TokenStream) {
        if let Some(all) = &self.0 {
            all.to_compile_error().to_tokens(out);
        }
    }
}
