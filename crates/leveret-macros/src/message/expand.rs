use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    ast::Contract,
    attr::{Keyed, Kind},
};
use crate::common::{
    Errors,
    place::{before, behind, moved},
    private,
};

/// The implementation of `Message`; with errors it is of a kind that goes with every verb, so that the mistake in the
/// contract is not reported again wherever the contract is used.
pub(super) fn contract(contract: &Contract, errors: &Errors) -> TokenStream {
    let Contract { ident, generics, attr, .. } = contract;
    let private = private(attr.krate.as_ref());
    let kind = match contract.kind().filter(|_| errors.is_empty()) {
        Some(Keyed { value: Kind::Command, .. }) => "Command",
        Some(Keyed { value: Kind::Event, .. }) => "Event",
        Some(Keyed { value: Kind::Reply, .. }) => "Reply",
        None => "Broken",
    };
    let kind = format_ident!("{kind}");
    // A missing `Serialize` is reported where the kind stands: at the name of the type.
    let kind = moved(quote!(#private::kind::#kind), ident.span());
    let reply = reply(contract);
    let (name, address) = (contract.wire_name(), contract.address());
    let mandatory = attr.mandatory.as_ref().map(|mandatory| {
        let value = &mandatory.value;
        quote!(const MANDATORY: bool = #value;)
    });
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    // Generics are a mistake; with this bound they are no second one.
    let bound = (!generics.params.is_empty()).then(|| quote!(Self: ::core::marker::Send + 'static,));
    let predicates = where_clause.map(|clause| &clause.predicates).into_iter();
    // Nothing of `#[diagnostic::..]`: a crate without the implicit prelude does not know the name.
    quote! {
        #errors
        #[automatically_derived]
        impl #impl_generics #private::Message for #ident #type_generics where #bound #(#predicates)* {
            type Kind = #kind;
            #reply
            const NAME: &'static str = #name;
            const ADDRESS: &'static str = #address;
            #mandatory
        }
    }
}

/// `type Reply = ..`, which stands at the user's type, since a private one is reported for the whole line.
fn reply(contract: &Contract) -> TokenStream {
    match &contract.attr.promise {
        None => quote!(
            type Reply = ();
        ),
        Some(promise) => {
            let ty = &promise.value;
            let (start, end) = (moved(quote!(type Reply =), before(ty)), moved(quote!(;), behind(ty)));
            quote!(#start #ty #end)
        }
    }
}
