//! `#[handler]`: an endpoint, written as an `impl` block with handlers.

mod arm;
mod ast;
mod attr;
mod check;
mod context;
mod expand;
mod misplaced;
mod origin;
mod signature;
mod unknown;
mod unmarked;

use proc_macro2::TokenStream;

use self::{ast::Block, attr::BlockAttr};
use crate::common::{Errors, plain};

pub(crate) fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let Some(block) = Block::read(item.clone()) else { return misplaced::item(item) };
    let mut errors = Errors::default();
    let service = plain(&block.head.self_ty);
    let attr = BlockAttr::read(attribute, &service, &mut errors);
    let handlers = check::block(&block, &service, &attr, &mut errors);
    if errors.is_empty() {
        expand::endpoint(block, &attr, &handlers)
    } else {
        expand::stub(&block, &attr, &errors)
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    /// What comes of a block with these members, as text.
    fn expanded(attribute: TokenStream, members: &TokenStream) -> String {
        expand(attribute, quote!(impl Billing { #members })).to_string()
    }

    /// Editors expand the macro while a line is being written, and complete what they find in the output.
    #[test]
    fn what_is_half_written_stays() {
        let members = [
            quote!(#[handler] async fn charge(&self, command: Charge) -> Done { self.gateway. }),
            quote!(#[handler] async fn charge(&self, command: Charge) -> Done { self.gateway.charge(command.) }),
            quote!(#[handler] async fn charge(&self, command: Charge) -> Done { let x = ; Ok(()) }),
            quote!(#[handler] async fn charge(&self, command: Charge) -> Done { match command { } else }),
            quote!(#[handler] async fn charge(&self, command: Charge) -> Done { if let Some(x) }),
            quote!(#[handler] async fn charge(&self, command: ) -> Done { self.gateway.charge() }),
            quote!(#[handler] async fn charge(&self, command: Charge) -> { self.gateway.charge() }),
            quote!(#[handler] async fn charge(&self, command: contracts::) -> Done { Ok(()) }),
            quote!(#[handler] async fn charge(&self, command: &Charge) -> Done { self.gateway. }),
            quote!(#[handler(topic = )] async fn charge(&self, command: Charge) -> Done { self.gateway. }),
            quote!(#[handler(to)] async fn charge(&self, command: Charge) -> Done { self.gateway. }),
            quote!(async fn charge(&self, command: Charge) -> Done { self.gateway. }),
            quote!(#[handler] async fn charge(&self, command: Charge)),
            quote!(#[handler] async fn),
        ];
        for written in members {
            let kept: TokenStream = written.clone().into_iter().skip_while(is_mark).collect();
            for attribute in [quote!(endpoint = "billing"), quote!(endpoint = ), quote!(endp)] {
                let output = expanded(attribute, &written);
                assert!(output.contains(&kept.to_string()), "{written}\n{output}");
                assert!(output.contains("Endpoint for Billing"), "{written}\n{output}");
            }
        }
    }

    /// `#` and `[handler]`, which are taken off.
    fn is_mark(token: &proc_macro2::TokenTree) -> bool {
        match token {
            proc_macro2::TokenTree::Punct(punct) => punct.as_char() == '#',
            proc_macro2::TokenTree::Group(group) => group.delimiter() == proc_macro2::Delimiter::Bracket,
            _ => false,
        }
    }
}
