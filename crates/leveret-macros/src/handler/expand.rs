use proc_macro2::{Delimiter, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Generics, ItemImpl, parse_quote};

use super::{
    ast::{Block, Handler},
    attr::BlockAttr,
    context,
    origin::Origin,
    unmarked::unmarked,
};
use crate::common::{
    Errors, number,
    place::{before, behind, enclosed, moved},
};

/// The block, its checks, and the implementation of `Endpoint`.
pub(super) fn endpoint(mut block: Block, attr: &BlockAttr, handlers: &[Handler]) -> TokenStream {
    let private = Origin::of(&block, attr);
    let name = name(attr);
    let publishes = context::known(&mut block, &private);
    let cfgs = cfgs(&block.head);
    let routes = handlers.iter().map(|handler| handler.route(&private));
    // Apart from the implementation: so they are made for generic and for unused services too, and a `const` that is
    // called like a handler does not meet the locals of `dispatch`.
    let checks = handlers.iter().map(|handler| handler.checks(&private, &name));
    let unmarked = unmarked(&block);
    let unmarked_checks = unmarked.iter().map(|method| method.check(&private, &name));
    let implementation = implementation(&block.head, &private, &name, handlers);
    let named = publishes.then(|| named(&block.head, &private, &name));
    // It stands where the user wrote, so lints apply. No group of rustc's is among these: `forbid` of one of its lints
    // would be an error here.
    let generated = quote_spanned! {private.at=>
        #(#cfgs)*
        #[allow(
            dead_code, deprecated, non_upper_case_globals, unit_bindings, unreachable_code, unreachable_patterns,
            unused_imports, unused_qualifications,
            clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction
        )]
        const _: () = {
            const ROUTES: &[#private::Route] = &[#(#routes),*];
            const _: () = { #(#checks)* #(#unmarked_checks)* () };
            #implementation
            #named
        };
    };
    quote!(#block #generated)
}

/// What decides whose events the handlers may publish. Its generics are those of the block, where it must hold.
fn named(head: &ItemImpl, private: &Origin, name: &str) -> TokenStream {
    let ItemImpl { generics, self_ty, .. } = head;
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let number = number(name);
    let start = moved(quote!(impl), before(self_ty));
    let of_trait = moved(quote!(#private::Named<#number> for), before(self_ty));
    let body = enclosed(Delimiter::Brace, TokenStream::new(), behind(self_ty));
    quote_spanned!(private.at=> #[automatically_derived] #start #impl_generics #of_trait #self_ty #where_clause #body)
}

fn implementation(head: &ItemImpl, private: &Origin, name: &str, handlers: &[Handler]) -> TokenStream {
    let self_ty = &head.self_ty;
    let generics = shared(head, private);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let arms = handlers.iter().map(|handler| handler.arm(private));
    let (delivery, ctx) = (private.local("delivery"), private.local("ctx"));
    let (runner, service) = (private.local("handlers"), private.local("service"));
    let name = private.text(name);
    // rustc puts what is wrong with the whole implementation, such as a second one, on its head.
    let start = moved(quote!(impl), before(self_ty));
    let of_trait = moved(quote!(#private::Endpoint for), before(self_ty));
    let body = quote_spanned! {private.at=>
        const NAME: &'static str = #name;
        const ROUTES: &'static [#private::Route] = ROUTES;
        fn dispatch(
            &self,
            route: &#private::Route,
            #delivery: #private::Delivery,
            #ctx: &#private::Context,
        ) -> impl #private::Future<Output = #private::Result<(), #private::HandlerError>> + ::core::marker::Send {
            let #service = self;
            let #runner = #private::handlers::<Self>();
            #runner.dispatch(async move {
                match route.handler {
                    #(#arms)*
                    _ => #private::Result::Err(#private::no_route(route)),
                }
            })
        }
    };
    let body = enclosed(Delimiter::Brace, body, behind(self_ty));
    quote_spanned!(private.at=> #[automatically_derived] #start #impl_generics #of_trait #self_ty #where_clause #body)
}

/// The block and an endpoint without routes: so the type stays an endpoint where it is used, and only the mistakes in
/// the block are reported.
pub(super) fn stub(block: &Block, attr: &BlockAttr, errors: &Errors) -> TokenStream {
    let head = &block.head;
    let is_endpoint = head.trait_.is_none() && head.generics.lifetimes().next().is_none();
    let implementation = is_endpoint.then(|| {
        let private = Origin::of(block, attr);
        let (name, cfgs, self_ty) = (name(attr), cfgs(head), &head.self_ty);
        let generics = shared(head, &private);
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        quote! {
            #(#cfgs)*
            #[automatically_derived]
            impl #impl_generics #private::Endpoint for #self_ty #where_clause {
                const NAME: &'static str = #name;
                const ROUTES: &'static [#private::Route] = &[];
                async fn dispatch(
                    &self,
                    route: &#private::Route,
                    _: #private::Delivery,
                    _: &#private::Context,
                ) -> #private::Result<(), #private::HandlerError> {
                    #private::Result::Err(#private::no_route(route))
                }
            }
        }
    });
    quote!(#errors #[allow(dead_code)] #block #implementation)
}

fn name(attr: &BlockAttr) -> String {
    attr.endpoint.as_ref().map(syn::LitStr::value).unwrap_or_default()
}

fn cfgs(head: &ItemImpl) -> impl Iterator<Item = &Attribute> {
    head.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg"))
}

/// The generics of the service; its parameters need what every service needs, so that users need not write it. The
/// bound stands at the attribute, since rustc tells who asks for it.
fn shared(head: &ItemImpl, private: &Origin) -> Generics {
    let mut generics = head.generics.clone();
    let bound = moved(quote!(#private::Shared), Span::call_site());
    for param in generics.type_params_mut() {
        param.bounds.push(parse_quote!(#bound));
    }
    generics
}
