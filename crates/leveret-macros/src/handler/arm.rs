use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Attribute, Ident, ext::IdentExt};

use super::{
    ast::{Handler, Unmarked},
    origin::Origin,
};
use crate::common::place::{before, behind, bracketed, call_over, method_over, moved};

/// What one handler becomes: a route, its checks, and an arm of `dispatch`.
impl Handler {
    /// What the route calls it.
    fn route_name(&self) -> String {
        self.name.unraw().to_string()
    }

    /// `<Message as Message>::CONTRACT`. Every mention stands at the same place: so a type that is no message makes the
    /// same error each time, and rustc shows it once.
    fn contract(&self, private: &Origin) -> TokenStream {
        let message = &self.message;
        let open = moved(quote!(<), before(message));
        let rest = moved(quote!(as #private::Message>::CONTRACT), behind(message));
        quote!(#open #message #rest)
    }

    pub(super) fn route(&self, private: &Origin) -> TokenStream {
        let Self { cfgs, .. } = self;
        let (name, contract) = (private.text(&self.route_name()), self.contract(private));
        let topic = self.topic.as_ref().map(|topic| {
            let topic = private.text(&topic.value());
            quote_spanned!(private.at=> .topic(#topic))
        });
        let untyped = self.untyped.as_ref().map(|_| quote_spanned!(private.at=> .untyped()));
        quote_spanned!(private.at=> #(#cfgs)* #private::Route::new(#name, #contract) #topic #untyped)
    }

    /// What only the contracts can decide, in a `const` that is called like the handler, since rustc names it.
    pub(super) fn checks(&self, private: &Origin, endpoint: &str) -> TokenStream {
        let Self { cfgs, message, .. } = self;
        let private = &private.moved(before(&self.name));
        let at = private.at;
        let (name, endpoint) = (private.text(&self.route_name()), private.text(endpoint));
        let contract = self.contract(private);
        let own_route = quote_spanned!(at=> ROUTES, #name);
        let of_owner = quote_spanned!(at=> #contract, #endpoint);
        let mut checks = vec![
            call_over(message, quote!(#private::check_owner), of_owner),
            call_over(message, quote!(#private::check_single), own_route.clone()),
        ];
        if let Some(topic) = &self.topic {
            let pattern = private.text(&topic.value());
            let of_topic = quote_spanned!(at=> #contract, #pattern);
            checks.push(call_over(topic, quote!(#private::check_topic), of_topic));
            checks.push(call_over(topic, quote!(#private::check_overlap), own_route.clone()));
        }
        if let Some(untyped) = &self.untyped {
            let of_all = quote_spanned!(at=> #contract, #own_route);
            checks.push(call_over(untyped, quote!(#private::check_untyped), of_all));
        }
        check_of(&self.name, cfgs, at, quote_spanned!(at=> #(#checks;)*))
    }

    /// The types are not repeated here: `Same<_>` lies over the user's tokens, and is inferred from the call.
    pub(super) fn arm(&self, private: &Origin) -> TokenStream {
        let Self { cfgs, message, returned, .. } = self;
        let name = private.text(&self.route_name());
        let local = |name| private.local(name);
        let (delivery, ctx) = (local("delivery"), local("ctx"));
        let (opened, result, kept) = (local("opened"), local("result"), local("kept"));
        let open = method_over(
            message,
            quote!(#private::Same<_>),
            quote!(as #private::Message>::open),
            quote_spanned!(private.at=> #private::Delivery::raw(&#delivery)),
        );
        let keep = method_over(
            returned,
            quote!(#private::Same<_>),
            quote!(as #private::Returns<_, _>>::keep),
            quote_spanned!(private.at=> #opened.promise, #result),
        );
        let settle = method_over(
            returned,
            quote!(#private::Same<_>),
            quote!(as #private::Fails<_>>::settle),
            quote_spanned!(private.at=> #kept, #ctx),
        );
        let undecodable = moved(quote!(?), behind(message));
        let run = self.run(private);
        quote_spanned! {private.at=>
            #(#cfgs)*
            #name => {
                let #opened = #open #undecodable;
                let #result = #run.await;
                let #kept = #keep;
                #settle
            }
        }
    }

    /// `handlers.run_on_any_thread(service.name(message, ctx))`, underlined as the method's name: a handler that is not
    /// `Send` is reported there.
    fn run(&self, private: &Origin) -> TokenStream {
        let Self { name, context, .. } = self;
        let (handlers, service) = (private.local("handlers"), private.local("service"));
        let (opened, ctx) = (private.local("opened"), private.local("ctx"));
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
        let arguments = bracketed(quote_spanned!(private.at=> #opened.message, #argument), end);
        let call = bracketed(quote!(#service #dot #method #arguments), end);
        quote_spanned!(private.at=> (#handlers #runner #call))
    }
}

impl Unmarked {
    /// Whether it should be a handler, which only the contracts can decide.
    pub(super) fn check(&self, private: &Origin, endpoint: &str) -> TokenStream {
        let Self { name, message, is_typical, cfgs } = self;
        let private = &private.moved(before(name));
        let at = private.at;
        let (route_name, endpoint) = (private.text(&name.unraw().to_string()), private.text(endpoint));
        let is_typical = moved(quote!(#is_typical), at);
        let open = moved(quote!(<#private::ContractOf<), before(message));
        let rest = moved(quote!(>>::CONTRACT), behind(message));
        let arguments =
            quote_spanned!(at=> #open #message #rest, #endpoint, ROUTES, #route_name, #is_typical);
        let check = call_over(name, quote!(#private::check_unmarked), arguments);
        check_of(name, cfgs, at, quote_spanned!(at=> use #private::NoContract as _; #check;))
    }
}

/// `checks` in a `const` that is called like their method, and in a scope of its own, since two methods of one name are
/// rustc's to report. A block is cheaper than another `const`.
fn check_of(name: &Ident, cfgs: &[Attribute], at: Span, checks: TokenStream) -> TokenStream {
    let mut item = name.clone();
    item.set_span(before(name));
    quote_spanned!(at=> #(#cfgs)* { const #item: () = { #checks }; })
}
