use proc_macro2::TokenStream;
use syn::{Attribute, Ident, LitStr, Meta, Path};

use crate::common::{Entry, Errors, entries};

/// What `#[handler(..)]` above the block says.
#[derive(Default)]
pub(super) struct BlockAttr {
    pub(super) endpoint: Option<LitStr>,
    pub(super) krate: Option<Path>,
}

impl BlockAttr {
    pub(super) fn read(tokens: TokenStream, service: &str, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        for entry in entries(tokens, service, errors) {
            match entry.key.to_string().as_str() {
                "endpoint" => attr.endpoint = entry.string(errors),
                "crate" => attr.krate = entry.path(errors),
                "topic" => misplaced(&entry.key, service, "#[handler(topic = \"..\")]", errors),
                "untyped" => misplaced(&entry.key, service, "#[handler(untyped)]", errors),
                _ => entry.unknown(&["endpoint", "crate"], errors),
            }
        }
        attr
    }
}

fn misplaced(key: &Ident, service: &str, example: &str, errors: &mut Errors) {
    let what = format!("the key `{key}` belongs to a handler, not to the endpoint `{service}`");
    errors.at(key, what, format!("write it above the method: `{example}`"));
}

/// What `#[handler]` above a method says.
#[derive(Default)]
pub(super) struct HandlerAttr {
    pub(super) topic: Option<LitStr>,
    pub(super) untyped: Option<Ident>,
}

impl HandlerAttr {
    pub(super) fn read(attribute: &Attribute, name: &Ident, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        match &attribute.meta {
            Meta::Path(_) => {}
            Meta::List(list) => {
                for entry in entries(list.tokens.clone(), &name.to_string(), errors) {
                    attr.take(entry, name, errors);
                }
            }
            Meta::NameValue(_) => errors.at(
                &attribute.meta,
                format!("the attribute of `{name}` takes its keys in brackets"),
                "write `#[handler]` or `#[handler(topic = \"..\")]`",
            ),
        }
        attr
    }

    fn take(&mut self, entry: Entry, name: &Ident, errors: &mut Errors) {
        match entry.key.to_string().as_str() {
            "topic" => self.topic = entry.string(errors),
            "untyped" => self.untyped = Some(entry.alone(errors)),
            key @ ("endpoint" | "crate") => errors.at(
                &entry.key,
                format!("the key `{key}` belongs to the endpoint, not to its handler `{name}`"),
                format!("write it above the `impl` block: `#[handler({key} = \"..\")]`"),
            ),
            _ => entry.unknown(&["topic", "untyped"], errors),
        }
    }
}
