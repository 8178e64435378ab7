use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

use super::{
    ast::Contract,
    attr::{Keyed, Kind},
    owner::{self, Owner},
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
    let private = private(attr.krate.as_ref(), Span::call_site());
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
    let owner = owner::of(contract, errors, &private);
    let also = (!attr.also.is_empty()).then(|| {
        let names = &attr.also;
        quote!(const ALSO: &'static [&'static str] = &[#(#names),*];)
    });
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    // Generics are a mistake; with this bound they are no second one.
    let bound = (!generics.params.is_empty()).then(|| quote!(Self: ::core::marker::Send + 'static,));
    let predicates = where_clause.map(|clause| &clause.predicates).into_iter();
    let Owner { ty, name: owner, items } = owner;
    // Nothing of `#[diagnostic::..]`: a crate without the implicit prelude does not know the name.
    let implementation = quote! {
        #[automatically_derived]
        impl #impl_generics #private::Message for #ident #type_generics where #bound #(#predicates)* {
            type Kind = #kind;
            #reply
            type Owner = #ty;
            const NAME: &'static str = #name;
            const ADDRESS: &'static str = #address;
            #mandatory
            #owner
            #also
        }
    };
    match items {
        Some(items) => {
            quote!(#errors #[allow(dead_code, unreachable_pub)] const _: () = { #items #implementation };)
        }
        None => quote!(#errors #implementation),
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
