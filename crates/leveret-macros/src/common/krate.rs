use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Path;

/// The module that code generated `at` a place takes everything from: of `leveret`, or of what `crate = ".."` names.
pub(crate) fn private(krate: Option<&Path>, at: Span) -> TokenStream {
    match krate {
        Some(path) => quote_spanned!(at=> #path::__private),
        None => quote_spanned!(at=> ::leveret::__private),
    }
}
