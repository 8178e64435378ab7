//! Methods that look like handlers and lack the `#[handler]`.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Ident, PathArguments, ReturnType, Type};

use super::{
    ast::{Block, Member, Method, Unmarked},
    signature::{bare, is_context, parameters},
    unknown::unknown_without_service,
};

/// The methods that may have been meant to be handlers. Whether they were is decided where contracts are known.
///
/// A helper is not one of them: it is called from the block, or is not `async`, or takes more than a handler does.
pub(super) fn unmarked(block: &Block) -> Vec<Unmarked> {
    block
        .members
        .iter()
        .enumerate()
        .filter_map(|(i, member)| match member {
            Member::Method(method) if method.marks.is_empty() => {
                let others = block.members.iter().enumerate().filter(|(j, _)| *j != i);
                let found = candidate(method, block)?;
                let called =
                    others.into_iter().any(|(_, other)| mentions(other.to_token_stream(), &found.name));
                (!called).then_some(found)
            }
            _ => None,
        })
        .collect()
}

fn candidate(method: &Method, block: &Block) -> Option<Unmarked> {
    let signature = &method.signature;
    let has_form = signature.asyncness.is_some()
        && signature.receiver().is_some()
        && signature.generics.params.is_empty();
    let mut parameters = parameters(signature).map(|parameter| bare(&parameter.ty));
    let message = parameters.next().filter(|ty| has_form && is_plain(ty))?;
    let context = parameters.next();
    let takes_context = match context {
        Some(Type::Reference(reference)) if is_context(&reference.elem) => true,
        Some(_) => return None,
        None => false,
    };
    if parameters.next().is_some() || unknown_without_service(message, &block.head.generics).is_some() {
        return None;
    }
    Some(Unmarked {
        name: signature.ident.clone(),
        message: message.clone(),
        is_typical: takes_context || returns_handler_error(&signature.output),
        cfgs: method.cfgs(),
    })
}

/// Whether a type is a name without arguments, as every contract is.
fn is_plain(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            path.qself.is_none()
                && path.path.segments.iter().all(|segment| matches!(segment.arguments, PathArguments::None))
        }
        _ => false,
    }
}

fn returns_handler_error(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => mentions_word(ty.to_token_stream(), "HandlerError"),
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    mentions_word(tokens, &name.to_string())
}

fn mentions_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions_word(group.stream(), word),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn helpers_are_left_alone() {
        let block = Block::read(quote! {
            impl<G> Billing<G> {
                #[handler]
                async fn charge(&self, c: ChargeCard) -> Result<(), HandlerError> { self.called(c).await }
                async fn called(&self, c: ChargeCard, ctx: &Context) -> Result<(), HandlerError> {}
                async fn forgotten(&self, c: ChargeCard) -> Result<(), HandlerError> {}
                async fn with_context(&self, c: contracts::ChargeCard, ctx: &leveret::Context) -> Done {}
                async fn publishes(&self, c: CardCharged) -> Result<(), SendError> {}
                fn not_async(&self, c: ChargeCard) -> Result<(), HandlerError> {}
                async fn by_reference(&self, c: &ChargeCard) -> Result<(), HandlerError> {}
                async fn of_service(&self, g: G) -> Result<(), HandlerError> {}
                async fn of_list(&self, c: Vec<ChargeCard>) -> Result<(), HandlerError> {}
                async fn of_more(&self, c: ChargeCard, cents: u64) -> Result<(), HandlerError> {}
                async fn of_anything<M: Message>(&self, c: M) -> Result<(), HandlerError> {}
                async fn of_no_service(c: ChargeCard) -> Result<(), HandlerError> {}
                async fn recursive(&self, c: ChargeCard) -> Result<(), HandlerError> { self.recursive(c).await }
            }
        });
        let found: Vec<_> = unmarked(&block.unwrap())
            .into_iter()
            .map(|found| (found.name.to_string(), found.is_typical))
            .collect();
        let expected =
            [("forgotten", true), ("with_context", true), ("publishes", false), ("recursive", true)];
        assert_eq!(found, expected.map(|(name, is_typical)| (name.to_owned(), is_typical)));
    }
}
