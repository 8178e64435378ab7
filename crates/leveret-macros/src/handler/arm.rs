use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Ident, ext::IdentExt};

use super::ast::{Handler, Unmarked};
use crate::common::place::{before, behind, bracketed, call_over, local, method_over, moved};

/// What one handler becomes: a route, its checks, and an arm of `dispatch`.
impl Handler {
    /// What the route calls it.
    fn route_name(&self) -> String {
        self.name.unraw().to_string()
    }

    /// `<Message as Message>::CONTRACT`. Every mention stands at the same place: so a type that is no message makes the
    /// same error each time, and rustc shows it once.
    fn contract(&self, private: &TokenStream) -> TokenStream {
        let message = &self.message;
        let open = moved(quote!(<), before(message));
        let rest = moved(quote!(as #private::Message>::CONTRACT), behind(message));
        quote!(#open #message #rest)
    }

    pub(super) fn route(&self, private: &TokenStream) -> TokenStream {
        let Self { cfgs, .. } = self;
        let (name, contract) = (self.route_name(), self.contract(private));
        let topic = self.topic.as_ref().map(|topic| {
            let topic = topic.value();
            quote!(.topic(#topic))
        });
        let untyped = self.untyped.as_ref().map(|_| quote!(.untyped()));
        quote!(#(#cfgs)* #private::Route::new(#name, #contract) #topic #untyped)
    }

    /// What only the contracts can decide, in a `const` that is called like the handler, since rustc names it.
    pub(super) fn checks(&self, private: &TokenStream, endpoint: &str) -> TokenStream {
        let Self { cfgs, message, .. } = self;
        let (name, contract) = (self.route_name(), self.contract(private));
        let owner = call_over(message, quote!(#private::check_owner), quote!(#contract, #endpoint));
        let single = call_over(message, quote!(#private::check_single), quote!(ROUTES, #name));
        let topic = self.topic.as_ref().map(|topic| {
            let pattern = topic.value();
            let fits = call_over(topic, quote!(#private::check_topic), quote!(#contract, #pattern));
            let overlap = call_over(topic, quote!(#private::check_overlap), quote!(ROUTES, #name));
            quote!(#fits; #overlap)
        });
        let untyped = self.untyped.as_ref().map(|untyped| {
            call_over(untyped, quote!(#private::check_untyped), quote!(#contract, ROUTES, #name))
        });
        check_of(&self.name, cfgs, quote!(#owner; #single; #topic; #untyped;))
    }

    /// The types are not repeated here: `Same<_>` lies over the user's tokens, and is inferred from the call.
    pub(super) fn arm(&self, private: &TokenStream) -> TokenStream {
        let Self { cfgs, message, returned, .. } = self;
        let name = self.route_name();
        let (delivery, ctx) = (local("delivery"), local("ctx"));
        let (opened, result, kept, reply) = (local("opened"), local("result"), local("kept"), local("reply"));
        let open = method_over(
            message,
            quote!(#private::Same<_>),
            quote!(as #private::Message>::open),
            quote!(#private::Delivery::raw(&#delivery)),
        );
        let keep = method_over(
            returned,
            quote!(#private::Same<_>),
            quote!(as #private::Returns<_, _>>::keep),
            quote!(#opened.promise, #result),
        );
        let settle = method_over(
            returned,
            quote!(#private::Same<_>),
            quote!(as #private::Fails<_>>::settle),
            quote!(#kept),
        );
        let (undecodable, failed) = (moved(quote!(?), behind(message)), moved(quote!(?), behind(returned)));
        let run = self.run(private);
        quote! {
            #(#cfgs)*
            #name => {
                let #opened = #open #undecodable;
                let #result = #run.await;
                let #kept = #keep;
                let #reply = #settle #failed;
                #private::Context::answer(#ctx, #reply).await
            }
        }
    }

    /// `handlers.run_on_any_thread(service.name(message, ctx))`, underlined as the method's name: a handler that is not
    /// `Send` is reported there.
    fn run(&self, private: &TokenStream) -> TokenStream {
        let Self { name, context, .. } = self;
        let (handlers, service) = (local("handlers"), local("service"));
        let (opened, ctx) = (local("opened"), local("ctx"));
        let argument = context.as_ref().map(|ty| {
            method_over(
                ty,
                quote!(#private::Same<_>),
                quote!(as #private::Argument<'_>>::from_context),
                quote!(#ctx),
            )
        });
        let (start, end) = (before(name), behind(name));
        let mut method = name.clone();
        method.set_span(start);
        let (handlers, service) = (bracketed(quote!(#handlers), start), bracketed(quote!(#service), start));
        let (dot, runner) = (moved(quote!(.), start), moved(quote!(.run_on_any_thread), start));
        let arguments = bracketed(quote!(#opened.message, #argument), end);
        let call = bracketed(quote!(#service #dot #method #arguments), end);
        quote!((#handlers #runner #call))
    }
}

impl Unmarked {
    /// Whether it should be a handler, which only the contracts can decide.
    pub(super) fn check(&self, private: &TokenStream, endpoint: &str) -> TokenStream {
        let Self { name, message, is_typical, cfgs } = self;
        let route_name = name.unraw().to_string();
        let open = moved(quote!(<#private::ContractOf<), before(message));
        let rest = moved(quote!(>>::CONTRACT), behind(message));
        let arguments = quote!(#open #message #rest, #endpoint, ROUTES, #route_name, #is_typical);
        let check = call_over(name, quote!(#private::check_unmarked), arguments);
        check_of(name, cfgs, quote!(use #private::NoContract as _; #check;))
    }
}

/// `checks` in a `const` that is called like their method, and in a scope of its own, since two methods of one name are
/// rustc's to report. A block is cheaper than another `const`.
fn check_of(name: &Ident, cfgs: &[Attribute], checks: TokenStream) -> TokenStream {
    let mut item = name.clone();
    item.set_span(before(name));
    quote!(#(#cfgs)* { const #item: () = { #checks }; })
}
