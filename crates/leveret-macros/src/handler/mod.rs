//! `#[handler]`: an endpoint, written as an `impl` block with handlers.

mod arm;
mod ast;
mod attr;
mod check;
mod context;
mod expand;
mod misplaced;
mod signature;
mod unknown;

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
