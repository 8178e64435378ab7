use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Ident, LitBool, LitStr, Path, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    token::Paren,
};

use super::{Errors, nearest::nearest};

/// The key that may stand several times.
const REPEATABLE: &str = "also";

/// `key`, or `key = value`: one entry of an attribute.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    value: Option<Value>,
    /// What the attribute is about: the name of a type or a method.
    of: String,
}

enum Value {
    String(LitStr),
    Bool(LitBool),
    Type(Box<Type>),
    Other(TokenStream),
}

/// Reads the entries of an attribute of `of`. What is wrong is reported, and the rest is read all the same.
pub(crate) fn entries(tokens: TokenStream, of: &str, errors: &mut Errors) -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    let parser = |input: ParseStream<'_>| -> syn::Result<()> {
        while !input.is_empty() {
            let entry = Entry::read(input, of)?;
            if all.iter().any(|earlier| earlier.is_like(&entry)) {
                let key = &entry.key;
                errors.at(key, format!("`{of}` has the key `{key}` twice"), "remove one of the two");
            } else {
                all.push(entry);
            }
            if input.parse::<Option<Token![,]>>()?.is_none() && !input.is_empty() {
                let next: TokenTree = input.fork().parse()?;
                errors.at(
                    &next,
                    format!("a comma is missing before `{next}`"),
                    "separate the keys by commas",
                );
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
    all
}

impl Entry {
    fn read(input: ParseStream<'_>, of: &str) -> syn::Result<Self> {
        let key = input.call(Ident::parse_any)?;
        let value = if input.parse::<Option<Token![=]>>()?.is_some() {
            Some(input.parse()?)
        } else if input.peek(Paren) {
            Some(Value::Other(input.parse::<TokenTree>()?.into()))
        } else {
            None
        };
        Ok(Self { key, value, of: of.to_owned() })
    }

    /// Whether the entry is a key alone.
    pub(crate) fn is_alone(&self) -> bool {
        self.value.is_none()
    }

    /// `reply` and `reply = T` are two things.
    fn is_like(&self, other: &Self) -> bool {
        self.key == other.key && self.key != REPEATABLE && self.is_alone() == other.is_alone()
    }

    /// A key that must stand alone.
    pub(crate) fn alone(self, errors: &mut Errors) -> Ident {
        let key = self.key;
        if let Some(value) = &self.value {
            errors.at(
                value,
                format!("the key `{key}` of `{}` takes no value", self.of),
                format!("write `{key}` alone"),
            );
        }
        key
    }

    /// The value, which must be a string.
    pub(crate) fn string(self, errors: &mut Errors) -> Option<LitStr> {
        match self.value {
            Some(Value::String(text)) => Some(text),
            _ => self.refuse("a string between quotes", "\"..\"", errors),
        }
    }

    /// The value, which must be `true` or `false`.
    pub(crate) fn boolean(self, errors: &mut Errors) -> Option<LitBool> {
        match self.value {
            Some(Value::Bool(value)) => Some(value),
            _ => self.refuse("`true` or `false`", "false", errors),
        }
    }

    /// The value, which must be a type.
    pub(crate) fn ty(self, errors: &mut Errors) -> Option<Type> {
        match self.value {
            Some(Value::Type(ty)) => Some(*ty),
            _ => self.refuse("a type, without quotes", "Receipt", errors),
        }
    }

    /// The value, which must be a path in quotes.
    pub(crate) fn path(self, errors: &mut Errors) -> Option<Path> {
        let (key, of) = (self.key.clone(), self.of.clone());
        let text = self.string(errors)?;
        match text.parse() {
            Ok(path) => Some(path),
            Err(_) => {
                let instead = format!("write where leveret is found, as in `{key} = \"::leveret\"`");
                errors.at(&text, format!("the key `{key}` of `{of}` takes a path between quotes"), instead);
                None
            }
        }
    }

    /// A key that is not one of `known`.
    pub(crate) fn unknown(self, known: &[&str], errors: &mut Errors) {
        let key = self.key;
        let instead = match nearest(&key.to_string(), known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let known: Vec<_> = known.iter().map(|key| format!("`{key}`")).collect();
                format!("the keys are {}", known.join(", "))
            }
        };
        errors.at(&key, format!("`{}` has an unknown key `{key}`", self.of), instead);
    }

    fn refuse<T>(self, wanted: &str, example: &str, errors: &mut Errors) -> Option<T> {
        let Self { key, value, of } = self;
        let what = format!("the key `{key}` of `{of}` takes {wanted}");
        let instead = format!("write `{key} = {example}`");
        match value {
            Some(value) => errors.at(value, what, instead),
            None => errors.at(key, what, instead),
        }
        None
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(Self::String(input.parse()?));
        }
        if input.peek(LitBool) {
            return Ok(Self::Bool(input.parse()?));
        }
        if input.fork().parse::<Type>().is_ok() {
            return Ok(Self::Type(input.parse()?));
        }
        let mut other = TokenStream::new();
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?.to_tokens(&mut other);
        }
        if other.is_empty() {
            return Err(input.error("expected a value behind `=`"));
        }
        Ok(Self::Other(other))
    }
}

impl ToTokens for Value {
    fn to_tokens(&self, out: &mut TokenStream) {
        match self {
            Self::String(text) => text.to_tokens(out),
            Self::Bool(value) => value.to_tokens(out),
            Self::Type(ty) => ty.to_tokens(out),
            Self::Other(tokens) => tokens.to_tokens(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn keys(tokens: TokenStream) -> (Vec<String>, usize) {
        let mut errors = Errors::default();
        let keys = entries(tokens, "It", &mut errors).iter().map(|entry| entry.key.to_string()).collect();
        (keys, errors.to_token_stream().to_string().matches("compile_error").count())
    }

    #[test]
    fn reads_on_after_a_mistake() {
        let cases = [
            (quote!(), &[][..], 0),
            (quote!(event, topic = "a.b",), &["event", "topic"], 0),
            (quote!(event topic = "a.b"), &["event", "topic"], 1),
            (quote!(topic = "a", topic = "b", event), &["topic", "event"], 1),
            (quote!(crate = "x", reply = Map<A, B>, mandatory = false), &["crate", "reply", "mandatory"], 0),
            (quote!(topic = 1 + 2, event), &["topic", "event"], 0),
            (quote!(reply, reply = Receipt), &["reply", "reply"], 0),
            (quote!(also = "A", also = "B"), &["also", "also"], 0),
            (quote!(topic =, event), &[], 1),
        ];
        for (tokens, expected, mistakes) in cases {
            let text = tokens.to_string();
            assert_eq!(
                keys(tokens),
                (expected.iter().map(ToString::to_string).collect(), mistakes),
                "{text}"
            );
        }
    }
}
