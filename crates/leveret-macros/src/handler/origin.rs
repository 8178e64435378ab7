use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::ToTokens;

use super::{ast::Block, attr::BlockAttr};
use crate::common::{
    place::{before, moved},
    private,
};

/// Where generated code takes everything from, `leveret::__private`, and the place where it stands.
///
/// That place is an empty one of the *user's*, before the block, and never `Span::call_site()`: rustc knows that one,
/// and all that is of it, by its distance from the top of the file. Each edit above the block would make everything
/// generated new to rustc, which would check it again.
pub(super) struct Origin {
    private: TokenStream,
    pub(super) at: Span,
}

impl Origin {
    pub(super) fn of(block: &Block, attr: &BlockAttr) -> Self {
        let at = before(&block.head.impl_token);
        Self { private: private(attr.krate.as_ref(), at), at }
    }

    /// The same at another place. An item must stand where its user's tokens do: rustc knows them by their distance
    /// from its start, which an edit between the two would change.
    pub(super) fn moved(&self, at: Span) -> Self {
        Self { private: moved(self.private.clone(), at), at }
    }

    pub(super) fn text(&self, text: &str) -> Literal {
        let mut literal = Literal::string(text);
        literal.set_span(self.at);
        literal
    }

    /// A local with a name that users have no use for.
    pub(super) fn local(&self, name: &str) -> Ident {
        Ident::new(&format!("__{name}"), self.at)
    }
}

/// The path.
impl ToTokens for Origin {
    fn to_tokens(&self, out: &mut TokenStream) {
        self.private.to_tokens(out);
    }
}
