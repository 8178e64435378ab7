use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::ast::Contract;
use crate::common::{
    Errors, number,
    place::{before, behind, moved},
};

/// What a contract says about its owner.
pub(super) struct Owner {
    /// The type that decides which services may publish it.
    pub(super) ty: TokenStream,
    /// The constant with the name.
    pub(super) name: Option<TokenStream>,
    /// What the type is made of.
    pub(super) items: Option<TokenStream>,
}

/// `()` is anyone. Else a type and a trait of the event's own: only an attribute written here can name the owner in
/// the error. They stand at the owner's name, which rustc then shows.
pub(super) fn of(contract: &Contract, errors: &Errors, private: &TokenStream) -> Owner {
    let owner = contract.attr.owner.as_ref().filter(|_| errors.is_empty());
    let Some(owner) = owner.map(|owner| &owner.value) else {
        return Owner { ty: quote!(()), name: None, items: None };
    };
    let (event, name) = (contract.ident.unraw(), owner.value());
    let (ty, publishes) = (format_ident!("OwnerOf{event}"), format_ident!("Publishes{event}"));
    let quoted = quoted(&name);
    let message =
        format!("`{event}` belongs to the endpoint `{quoted}`, and this is a handler of `{{Self}}`");
    let label = format!("only `{quoted}` publishes `{event}`");
    let note = format!("send `{quoted}` a command that makes it publish, or publish an event of your own");
    let number = number(&name);
    let (start, end) = (before(owner), behind(owner));
    let trait_start = moved(quote!(pub trait), start);
    let trait_end = moved(quote!(#publishes {}), end);
    let enum_start = moved(quote!(pub enum), start);
    let enum_end = moved(quote!(#ty {}), end);
    let permit_start = moved(quote!(impl<S: ?Sized + #publishes> #private::Permits<S>), start);
    let permit_end = moved(quote!(for #ty {}), end);
    Owner {
        ty: quote!(#ty),
        name: Some(quote! {
            const OWNER: ::core::option::Option<&'static str> = ::core::option::Option::Some(#owner);
        }),
        items: Some(quote! {
            #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
            #trait_start #trait_end
            #[diagnostic::do_not_recommend]
            impl<S: ?Sized + #private::Named<#number>> #publishes for S {}
            #enum_start #enum_end
            #permit_start #permit_end
        }),
    }
}

/// As it must stand in a text where braces hold the name of a type.
fn quoted(name: &str) -> String {
    name.replace('{', "{{").replace('}', "}}")
}
