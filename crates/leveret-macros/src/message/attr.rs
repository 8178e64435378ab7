use syn::{Attribute, Ident, LitBool, LitStr, Meta, Path, Type};

use crate::common::{Entry, Errors, entries};

const KEYS: &[&str] =
    &["command", "event", "reply", "endpoint", "topic", "owner", "name", "also", "mandatory", "crate"];

/// The kinds that can be declared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Command,
    Event,
    Reply,
}

/// A key and its value.
pub(super) struct Keyed<T> {
    pub(super) key: Ident,
    pub(super) value: T,
}

/// What the `#[message(..)]` attributes of a type say.
#[derive(Default)]
pub(super) struct Attr {
    /// The first attribute, to point at what is missing in it.
    pub(super) written: Option<Meta>,
    pub(super) kinds: Vec<Keyed<Kind>>,
    pub(super) endpoint: Option<Keyed<LitStr>>,
    pub(super) topic: Option<Keyed<LitStr>>,
    pub(super) promise: Option<Keyed<Type>>,
    pub(super) owner: Option<Keyed<LitStr>>,
    pub(super) name: Option<Keyed<LitStr>>,
    pub(super) also: Vec<LitStr>,
    pub(super) mandatory: Option<Keyed<LitBool>>,
    pub(super) krate: Option<Path>,
}

impl Attr {
    pub(super) fn read(attributes: &[Attribute], of: &Ident, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("message")) {
            match &attribute.meta {
                Meta::List(list) => {
                    for entry in entries(list.tokens.clone(), &of.to_string(), errors) {
                        attr.take(entry, errors);
                    }
                }
                Meta::NameValue(_) => errors.at(
                    &attribute.meta,
                    format!("the attribute of `{of}` takes its keys in brackets"),
                    "write `#[message(event, topic = \"..\")]`",
                ),
                Meta::Path(_) => {}
            }
            attr.written.get_or_insert_with(|| attribute.meta.clone());
        }
        attr
    }

    fn take(&mut self, entry: Entry, errors: &mut Errors) {
        let key = entry.key.clone();
        match key.to_string().as_str() {
            "command" => self.kinds.push(Keyed { key: entry.alone(errors), value: Kind::Command }),
            "event" => self.kinds.push(Keyed { key: entry.alone(errors), value: Kind::Event }),
            "reply" if entry.is_alone() => self.kinds.push(Keyed { key, value: Kind::Reply }),
            "reply" => self.promise = keyed(key, entry.ty(errors)),
            "endpoint" => self.endpoint = keyed(key, entry.string(errors)),
            "topic" => self.topic = keyed(key, entry.string(errors)),
            "owner" => self.owner = keyed(key, entry.string(errors)),
            "name" => self.name = keyed(key, entry.string(errors)),
            "also" => self.also.extend(entry.string(errors)),
            "mandatory" => self.mandatory = keyed(key, entry.boolean(errors)),
            "crate" => self.krate = entry.path(errors),
            _ => entry.unknown(KEYS, errors),
        }
    }
}

fn keyed<T>(key: Ident, value: Option<T>) -> Option<Keyed<T>> {
    value.map(|value| Keyed { key, value })
}
