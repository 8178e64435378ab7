use syn::{
    GenericParam, Generics, Ident, Path, Type,
    visit::{self, Visit},
};

/// `Self`, or the parameter of the block, that a type mentions.
pub(super) fn unknown_without_service(ty: &Type, generics: &Generics) -> Option<Ident> {
    let mut search = Search { generics, found: None };
    search.visit_type(ty);
    search.found
}

struct Search<'g> {
    generics: &'g Generics,
    found: Option<Ident>,
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        let first = path.segments.first().filter(|_| path.leading_colon.is_none());
        if let Some(first) = first
            && self.is_unknown(&first.ident)
        {
            self.found.get_or_insert_with(|| first.ident.clone());
        }
        visit::visit_path(self, path);
    }
}

impl Search<'_> {
    fn is_unknown(&self, name: &Ident) -> bool {
        name == "Self"
            || self.generics.params.iter().any(|param| match param {
                GenericParam::Type(param) => param.ident == *name,
                GenericParam::Const(param) => param.ident == *name,
                GenericParam::Lifetime(_) => false,
            })
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_quote;

    use super::*;

    #[test]
    fn finds_what_only_a_service_knows() {
        let block: syn::ItemImpl = parse_quote!(
            impl<'a, G: Gateway, const N: u64> Billing<'a, G, N> {}
        );
        let cases: [(Type, Option<&str>); 7] = [
            (parse_quote!(Refund), None),
            (parse_quote!(contracts::G), None),
            (parse_quote!(::G), None),
            (parse_quote!(G), Some("G")),
            (parse_quote!(Wrapped<Vec<G>>), Some("G")),
            (parse_quote!(<Self as Service>::Command), Some("Self")),
            (parse_quote!(Sized<N>), Some("N")),
        ];
        for (ty, expected) in cases {
            let found = unknown_without_service(&ty, &block.generics).map(|ident| ident.to_string());
            assert_eq!(found.as_deref(), expected, "{}", ty.to_token_stream());
        }
    }
}
