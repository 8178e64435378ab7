use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};
use syn::{
    Attribute, Ident, ItemImpl, LitStr, Signature, Type, Visibility,
    parse::{Parse, ParseStream, Parser, discouraged::Speculative},
};

use crate::common::place::{before, enclosed};

/// An `impl` block whose method bodies are left alone: they may hold anything, also a mistake that rustc is about to
/// report, and an unfinished line that an editor wants to complete.
pub(super) struct Block {
    /// The block without what is in it.
    pub(super) head: ItemImpl,
    pub(super) members: Vec<Member>,
    /// `#![..]` at the top of the block.
    inner: Vec<Attribute>,
    brace: Span,
}

pub(super) enum Member {
    Method(Box<Method>),
    Other(Other),
}

/// A method, with its `#[handler]` marks taken off.
pub(super) struct Method {
    pub(super) marks: Vec<Attribute>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) signature: Signature,
    visibility: Visibility,
    pub(super) body: TokenTree,
}

/// Anything else in the block, also a method whose signature is not Rust.
pub(super) struct Other {
    pub(super) marks: Vec<Attribute>,
    pub(super) tokens: TokenStream,
}

/// A handler without mistakes in its form.
pub(super) struct Handler {
    pub(super) name: Ident,
    pub(super) message: Type,
    pub(super) context: Option<Type>,
    pub(super) returned: Type,
    pub(super) topic: Option<LitStr>,
    pub(super) untyped: Option<Ident>,
    pub(super) cfgs: Vec<Attribute>,
}

/// A method without `#[handler]` that has the form of a handler.
pub(super) struct Unmarked {
    pub(super) name: Ident,
    pub(super) message: Type,
    /// Whether nothing but a handler looks like it: it takes the context, or fails with `HandlerError`.
    pub(super) is_typical: bool,
    pub(super) cfgs: Vec<Attribute>,
}

impl Block {
    /// The block, if the item is one.
    pub(super) fn read(item: TokenStream) -> Option<Self> {
        let mut tokens: Vec<_> = item.into_iter().collect();
        let Some(TokenTree::Group(body)) = tokens.pop() else { return None };
        let head: TokenStream = tokens.into_iter().collect();
        let head = syn::parse2(quote!(#head {})).ok()?;
        let (inner, members) = contents.parse2(body.stream()).ok()?;
        Some(Self { head, members, inner, brace: body.span() })
    }
}

fn contents(input: ParseStream<'_>) -> syn::Result<(Vec<Attribute>, Vec<Member>)> {
    let inner = input.call(Attribute::parse_inner)?;
    let mut members = Vec::new();
    while !input.is_empty() {
        members.push(input.parse()?);
    }
    Ok((inner, members))
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let fork = input.fork();
        match fork.parse() {
            Ok(method) => {
                input.advance_to(&fork);
                Ok(Self::Method(Box::new(method)))
            }
            Err(_) => Ok(Self::Other(input.parse()?)),
        }
    }
}

impl Parse for Method {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (marks, attributes) = input.call(Attribute::parse_outer)?.into_iter().partition(is_handler);
        let (visibility, signature) = (input.parse()?, input.parse()?);
        Ok(Self { marks, attributes, visibility, signature, body: input.parse()? })
    }
}

impl Method {
    /// Its `#[cfg(..)]`, which all that is made of it needs too.
    pub(super) fn cfgs(&self) -> Vec<Attribute> {
        self.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
    }
}

impl Parse for Other {
    /// Reads up to the end of the item, a `;` or a closing brace.
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (marks, attributes): (Vec<_>, Vec<_>) =
            input.call(Attribute::parse_outer).unwrap_or_default().into_iter().partition(is_handler);
        let mut tokens = quote!(#(#attributes)*);
        while !input.is_empty() {
            let token: TokenTree = input.parse()?;
            let ends = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                _ => false,
            };
            tokens.append(token);
            if ends {
                break;
            }
        }
        Ok(Self { marks, tokens })
    }
}

impl Other {
    /// Whether it is a method with a mistake that rustc reports.
    pub(super) fn is_method(&self) -> bool {
        let mut tokens = self.tokens.clone().into_iter();
        tokens.any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))
    }
}

fn is_handler(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == "handler")
}

/// The block as the user wrote it, without the marks.
impl ToTokens for Block {
    fn to_tokens(&self, out: &mut TokenStream) {
        let ItemImpl { attrs, unsafety, impl_token, generics, trait_, self_ty, .. } = &self.head;
        let where_clause = &generics.where_clause;
        let of_trait = trait_.as_ref().map(|(path, for_token)| quote!(#path #for_token));
        let (inner, members) = (&self.inner, &self.members);
        let body = enclosed(Delimiter::Brace, quote!(#(#inner)* #(#members)*), self.brace);
        quote!(#(#attrs)* #unsafety #impl_token #generics #of_trait #self_ty #where_clause #body)
            .to_tokens(out);
    }
}

impl ToTokens for Member {
    fn to_tokens(&self, out: &mut TokenStream) {
        match self {
            Self::Method(method) => method.to_tokens(out),
            Self::Other(other) => other.tokens.to_tokens(out),
        }
    }
}

impl ToTokens for Method {
    fn to_tokens(&self, out: &mut TokenStream) {
        let Self { marks, attributes, visibility, signature, body } = self;
        // The form of a handler is not the user's choice; that its future is `Send` is checked with the service's parts.
        // It stands where the mark does, for the same reason as an `Origin`.
        let forced = marks.first().map(|mark| {
            quote_spanned!(before(mark)=> #[allow(
                clippy::unused_async, clippy::unused_self, clippy::needless_pass_by_value, clippy::future_not_send,
                clippy::shadow_reuse
            )])
        });
        quote!(#(#attributes)* #forced #visibility #signature #body).to_tokens(out);
    }
}
