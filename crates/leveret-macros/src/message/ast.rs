use syn::{Data, DeriveInput, Generics, Ident, Token, ext::IdentExt};

use super::attr::{Attr, Keyed, Kind};
use crate::common::Errors;

/// A type that declares a contract.
pub(super) struct Contract {
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    pub(super) union_token: Option<Token![union]>,
    pub(super) attr: Attr,
}

impl Contract {
    pub(super) fn read(input: DeriveInput, errors: &mut Errors) -> Self {
        let union_token = match &input.data {
            Data::Union(data) => Some(data.union_token),
            _ => None,
        };
        let attr = Attr::read(&input.attrs, &input.ident, errors);
        Self { ident: input.ident, generics: input.generics, union_token, attr }
    }

    /// Its kind, if it declares exactly one.
    pub(super) fn kind(&self) -> Option<&Keyed<Kind>> {
        match self.attr.kinds.as_slice() {
            [kind] => Some(kind),
            _ => None,
        }
    }

    /// Its name on the wire.
    pub(super) fn wire_name(&self) -> String {
        match &self.attr.name {
            Some(name) => name.value.value(),
            None => self.ident.unraw().to_string(),
        }
    }

    /// The endpoint of a command, the topic of an event.
    pub(super) fn address(&self) -> String {
        let written = match self.kind().map(|kind| kind.value) {
            Some(Kind::Command) => self.attr.endpoint.as_ref(),
            Some(Kind::Event) => self.attr.topic.as_ref(),
            _ => None,
        };
        written.map(|written| written.value.value()).unwrap_or_default()
    }
}
