use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::Item;

use super::ast::Method;
use crate::common::{Errors, Mistake};

/// `#[handler]` above something that is no `impl` block: says where it belongs, and leaves the item as it is.
pub(super) fn item(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let method = syn::parse2::<Method>(item.clone()).map(|method| method.signature);
    match (syn::parse2::<Item>(item.clone()), method) {
        (Ok(Item::Struct(item)), _) => {
            let instead =
                format!("it goes above the block with its handlers, `impl {} {{ .. }}`", item.ident);
            errors.at(&item.ident, format!("`#[handler]` stands above the struct `{}`", item.ident), instead);
        }
        (Ok(Item::Trait(item)), _) => errors.at(
            &item.ident,
            format!("`#[handler]` stands above the trait `{}`", item.ident),
            "it goes above the `impl` block of a service, and above the handlers in it",
        ),
        (_, Ok(signature)) if signature.receiver().is_none() => errors.at(
            &signature.ident,
            format!("`{}` is a function, and a handler is a method of a service", signature.ident),
            "put it into an `impl` block under `#[handler(endpoint = \"..\")]`, with `&self`",
        ),
        (_, Ok(signature)) => errors.at(
            &signature.ident,
            format!("`{}` is a handler of no endpoint", signature.ident),
            "write `#[handler(endpoint = \"..\")]` above the `impl` block that it stands in; what a macro call or a \
             `cfg_attr` makes a handler comes too late for it: let the macro write the whole block, and use `cfg`",
        ),
        _ => {
            let instead = "it goes above an `impl` block, and above the methods in it";
            let mistake = Mistake::new("`#[handler]` does not belong here", instead);
            errors.push(syn::Error::new(Span::call_site(), mistake));
        }
    }
    quote!(#errors #item)
}
