//! Where generated tokens stand in the user's file.
//!
//! They take the *empty* places before and behind the user's tokens. rustc draws its caret from one to the other, so
//! that a type of many tokens is underlined whole. rust-analyzer finds nothing generated at the user's own tokens:
//! hovering, jumping and renaming there work as without the macro.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The empty place before the first of the user's tokens.
pub(crate) fn before(tokens: &impl ToTokens) -> Span {
    match flat(tokens.to_token_stream()).first() {
        Some(span) if proc_macro::is_available() => span.unwrap().start().into(),
        _ => Span::call_site(),
    }
}

/// The empty place behind the last of the user's tokens.
pub(crate) fn behind(tokens: &impl ToTokens) -> Span {
    match flat(tokens.to_token_stream()).last() {
        Some(span) if proc_macro::is_available() => span.unwrap().end().into(),
        _ => Span::call_site(),
    }
}

/// The same tokens, all at `place`.
pub(crate) fn moved(tokens: TokenStream, place: Span) -> TokenStream {
    tokens.into_iter().map(|token| moved_token(token, place)).collect()
}

fn moved_token(mut token: TokenTree, place: Span) -> TokenTree {
    if let TokenTree::Group(group) = &token {
        token = TokenTree::Group(Group::new(group.delimiter(), moved(group.stream(), place)));
    }
    token.set_span(place);
    token
}

/// `(tokens)`, with the brackets at `place`.
pub(crate) fn bracketed(tokens: TokenStream, place: Span) -> TokenStream {
    enclosed(Delimiter::Parenthesis, tokens, place)
}

/// The tokens in brackets that stand at `place`.
pub(crate) fn enclosed(by: Delimiter, tokens: TokenStream, place: Span) -> TokenStream {
    let mut group = Group::new(by, tokens);
    group.set_span(place);
    quote!(#group)
}

/// `path(arguments)`, underlined as the whole of `user`.
pub(crate) fn call_over(user: &impl ToTokens, path: TokenStream, arguments: TokenStream) -> TokenStream {
    let path = moved(path, before(user));
    let arguments = bracketed(arguments, behind(user));
    quote!(#path #arguments)
}

/// `<head tail(arguments)`, where `head`, a type, and the whole are both underlined as the whole of `user`.
pub(crate) fn method_over(
    user: &impl ToTokens,
    head: TokenStream,
    tail: TokenStream,
    arguments: TokenStream,
) -> TokenStream {
    let (head, tail) = (stretched(head, user), moved(tail, behind(user)));
    let arguments = bracketed(arguments, behind(user));
    let open = moved(quote!(<), before(user));
    quote!(#open #head #tail #arguments)
}

/// The tokens from the place before `user` to the place behind it.
fn stretched(tokens: TokenStream, user: &impl ToTokens) -> TokenStream {
    let mut tokens: Vec<TokenTree> = moved(tokens, before(user)).into_iter().collect();
    if let Some(last) = tokens.last_mut() {
        last.set_span(behind(user));
    }
    tokens.into_iter().collect()
}

/// The spans of all tokens; the invisible groups of `macro_rules!` have none that a user could see.
fn flat(tokens: TokenStream) -> Vec<Span> {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => flat(group.stream()),
            token => vec![token.span()],
        })
        .collect()
}
