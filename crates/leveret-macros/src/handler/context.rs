//! The context in a handler's body, which knows the handler's service: so an event of another owner does not compile.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{FnArg, Ident, Pat, Type};

use super::{
    ast::{Block, Member, Method},
    origin::Origin,
};
use crate::common::place::{behind, method_over, moved};

/// Puts a first line into the body of each handler that publishes with its context, and tells whether there is one.
/// The others are left alone.
pub(super) fn known(block: &mut Block, private: &Origin) -> bool {
    let mut any = false;
    for member in &mut block.members {
        if let Member::Method(method) = member
            && let Some((name, ty)) = context(method)
        {
            let line = line(&name, &ty, private);
            begin_with(line, method);
            any = true;
        }
    }
    any
}

/// The name of the context and its type, if the body publishes anything. A name that is `mut` is left as it is.
fn context(method: &Method) -> Option<(Ident, Type)> {
    let mut parameters = method.signature.inputs.iter().filter(|_| !method.marks.is_empty());
    let Some(FnArg::Typed(parameter)) = parameters.nth(2) else { return None };
    match &*parameter.pat {
        Pat::Ident(pat) if pat.mutability.is_none() && publishes(method.body.clone()) => {
            Some((pat.ident.clone(), (*parameter.ty).clone()))
        }
        _ => None,
    }
}

fn publishes(token: TokenTree) -> bool {
    match token {
        TokenTree::Ident(word) => word == "publish",
        TokenTree::Group(group) => group.stream().into_iter().any(publishes),
        _ => false,
    }
}

/// `let ctx = &<&Context>::known_by::<Self>(ctx);`: under the same name, so that the signature stays as the user wrote
/// it, for whoever calls the handler, reads its documentation, or puts an attribute above it.
fn line(name: &Ident, ty: &Type, private: &Origin) -> TokenStream {
    let known = method_over(
        ty,
        quote!(#private::Same<_>),
        quote!(as #private::Argument<'_>>::known_by::<Self>),
        quote!(#name),
    );
    let end = moved(quote!(;), behind(ty));
    quote_spanned!(private.at=> let #name = &#known #end)
}

/// Puts a line before the body, behind the attributes at its top.
fn begin_with(line: TokenStream, method: &mut Method) {
    let TokenTree::Group(body) = &method.body else { return };
    let tokens: Vec<_> = body.stream().into_iter().collect();
    let mut rest = tokens.as_slice();
    let mut attributes = Vec::new();
    while let [TokenTree::Punct(hash), TokenTree::Punct(bang), attribute, behind @ ..] = rest
        && (hash.as_char(), bang.as_char()) == ('#', '!')
    {
        attributes.push(quote!(#hash #bang #attribute));
        rest = behind;
    }
    let mut whole = Group::new(body.delimiter(), quote!(#(#attributes)* #line #(#rest)*));
    whole.set_span(body.span());
    method.body = TokenTree::Group(whole);
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_quote;

    use super::*;

    /// The body with a first line, if the context publishes.
    fn with_line(body: TokenStream) -> Option<String> {
        let mut method: Method =
            parse_quote!(#[handler] async fn ship(&self, _: Ship, ctx: &Context) -> Done { #body });
        context(&method)?;
        begin_with(quote!(line;), &mut method);
        Some(method.body.to_token_stream().to_string())
    }

    #[test]
    fn a_line_comes_before_what_publishes() {
        let cases = [
            (quote!(Ok(())), None),
            (quote!(ctx.send(x).await?;), None),
            (quote!(publisher(ctx)), None),
            (
                quote!(ctx.publish(x)),
                Some(quote!({
                    line;
                    ctx.publish(x)
                })),
            ),
            (
                quote!(if a {
                    emit!(ctx.publish)
                }),
                Some(quote!({
                    line;
                    if a {
                        emit!(ctx.publish)
                    }
                })),
            ),
            (
                quote!(#![a] #![b(c)] #[d] ctx.publish(x)),
                Some(quote!(
                    {
                        #![a]
                        #![b(c)]
                        line;
                        #[d]
                        ctx.publish(x)
                    }
                )),
            ),
        ];
        for (body, expected) in cases {
            let text = body.to_string();
            assert_eq!(with_line(body), expected.map(|tokens| tokens.to_string()), "{text}");
        }
    }

    #[test]
    fn only_handlers_have_a_context_by_name() {
        let cases = [
            (quote!(#[handler] async fn named(&self, _: Ship, c: &Context)), Some("c")),
            (quote!(async fn helper(&self, _: Ship, c: &Context)), None),
            (quote!(#[handler] async fn none(&self, c: Ship)), None),
            (quote!(#[handler] async fn unnamed(&self, _: Ship, _: &Context)), None),
            (quote!(#[handler] async fn odd(&self, _: Ship, mut c: &Context)), None),
        ];
        for (head, expected) in cases {
            let method: Method = parse_quote!(#head { c.publish(x) });
            let name = context(&method).map(|(name, _)| name.to_string());
            assert_eq!(name.as_deref(), expected, "{head}");
        }
    }
}
