use quote::ToTokens;

/// The tokens as a person writes them.
pub(crate) fn plain(tokens: &impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in
        [(" :: ", "::"), (":: ", "::"), (" < ", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), ("& ", "&")]
    {
        text = text.replace(spaced, tight);
    }
    text
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn types_read_as_written() {
        let cases = [
            (quote!(Refund), "Refund"),
            (quote!(contracts::Refund), "contracts::Refund"),
            (quote!(::a::Billing<G, 3>), "::a::Billing<G, 3>"),
            (quote!(&'a Refund), "&'a Refund"),
        ];
        for (tokens, expected) in cases {
            assert_eq!(plain(&tokens).trim(), expected);
        }
    }
}
