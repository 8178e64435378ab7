use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

/// The place that generated code takes everything from: `leveret`, or what `crate = ".."` names.
pub(crate) fn private(krate: Option<&Path>) -> TokenStream {
    match krate {
        Some(path) => quote!(#path::__private),
        None => quote!(::leveret::__private),
    }
}
