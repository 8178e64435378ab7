use syn::{GenericParam, Ident};

use super::{
    ast::Contract,
    attr::{Attr, Kind},
};
use crate::common::{Errors, words};

/// Reports what is wrong with a contract.
pub(super) fn contract(contract: &Contract, errors: &mut Errors) {
    shape(contract, errors);
    names(contract, errors);
    kinds(contract, errors);
    if let Some(kind) = contract.kind() {
        match kind.value {
            Kind::Command => command(contract, &kind.key, errors),
            Kind::Event => event(contract, &kind.key, errors),
            Kind::Reply => reply(contract, errors),
        }
    }
}

fn shape(contract: &Contract, errors: &mut Errors) {
    let ident = &contract.ident;
    if let Some(union_token) = contract.union_token {
        errors.at(union_token, format!("`{ident}` cannot be a union"), "make it a struct or an enum");
    }
    let params = &contract.generics.params;
    match params.first() {
        None => {}
        Some(GenericParam::Lifetime(_)) => errors.at(
            params,
            format!("`{ident}` cannot borrow"),
            "a message outlives the call that sends it: own the data, as in `String` for `&str`",
        ),
        Some(_) => errors.at(
            params,
            format!("`{ident}` cannot be generic"),
            "its name on the wire means one shape: write a type for each",
        ),
    }
}

fn names(contract: &Contract, errors: &mut Errors) {
    let Contract { ident, attr, .. } = contract;
    let of = ident.to_string();
    if let Some(topic) = &attr.topic {
        errors.checked(&topic.value, words::topic(&topic.value.value(), &of));
    }
    if let Some(endpoint) = &attr.endpoint {
        errors.checked(&endpoint.value, words::endpoint(&endpoint.value.value(), &of));
    }
    if let Some(owner) = &attr.owner {
        errors.checked(&owner.value, words::owner(&owner.value.value(), &of));
    }
    let wire_name = words::wire_name(&contract.wire_name(), &of);
    match &attr.name {
        Some(name) => errors.checked(&name.value, wire_name),
        None => errors.checked(ident, wire_name),
    }
    aliases(contract, &of, errors);
}

fn aliases(contract: &Contract, of: &str, errors: &mut Errors) {
    let name = contract.wire_name();
    let also = &contract.attr.also;
    for (i, alias) in also.iter().enumerate() {
        let text = alias.value();
        errors.checked(alias, words::alias(&text, of));
        if text == name {
            errors.at(
                alias,
                format!("the alias \"{text}\" of `{of}` is its wire name"),
                "`also` is for the names that it had before: remove it",
            );
        } else if also.iter().take(i).any(|earlier| earlier.value() == text) {
            errors.at(alias, format!("`{of}` has the alias \"{text}\" twice"), "remove one of the two");
        }
    }
}

fn kinds(contract: &Contract, errors: &mut Errors) {
    let Contract { ident, attr, .. } = contract;
    match (attr.kinds.as_slice(), &attr.written) {
        ([], None) => errors.at(
            ident,
            format!("`{ident}` does not say what kind of message it is"),
            "write `#[message(command, endpoint = \"..\")]`, `#[message(event, topic = \"..\")]` or \
             `#[message(reply)]` above it",
        ),
        // A misspelt key may well be the kind.
        ([], Some(written)) if errors.is_empty() => errors.at(
            written,
            format!("`{ident}` does not say what kind of message it is"),
            probable_kind(attr),
        ),
        ([first, second, ..], _) => {
            let promises = first.value == Kind::Command && second.value == Kind::Reply;
            let instead = if promises {
                "keep one of `command` and `reply`; a command promises a reply by `reply = TheReply`"
            } else {
                "keep one of `command`, `event` and `reply`"
            };
            errors.at(&second.key, format!("`{ident}` cannot be two kinds of message at once"), instead);
        }
        _ => {}
    }
}

fn probable_kind(attr: &Attr) -> &'static str {
    match attr {
        Attr { topic: Some(_), .. } => "it has a topic: add `event`",
        Attr { endpoint: Some(_), .. } => "it has an endpoint: add `command`",
        Attr { promise: Some(_), .. } => "it promises a reply: add `command` and `endpoint = \"..\"`",
        _ => "add `command`, `event` or `reply`",
    }
}

fn command(contract: &Contract, kind: &Ident, errors: &mut Errors) {
    let Contract { ident, attr, .. } = contract;
    if let Some(topic) = &attr.topic {
        let instead = match &attr.endpoint {
            Some(_) => "it goes to its endpoint alone: remove `topic`, or make it an `event`",
            None => "it goes to one endpoint: write `endpoint = \"..\"`, or make it an `event`",
        };
        errors.at(&topic.key, format!("`{ident}` is a command, and a command has no topic"), instead);
    }
    always_mandatory(contract, "command", errors);
    if let Some(owner) = &attr.owner {
        errors.at(
            &owner.key,
            format!("`{ident}` is a command, and a command has no other owner than its endpoint"),
            "whoever wants may send it: remove `owner`",
        );
    }
    if attr.endpoint.is_none() && errors.is_empty() {
        errors.at(
            kind,
            format!("`{ident}` is a command without an endpoint"),
            "name its owner: `#[message(command, endpoint = \"..\")]`",
        );
    }
}

fn event(contract: &Contract, kind: &Ident, errors: &mut Errors) {
    let Contract { ident, attr, .. } = contract;
    if let Some(endpoint) = &attr.endpoint {
        let instead = match &attr.topic {
            Some(_) => "it goes to whoever subscribes: remove `endpoint`, or make it a `command`",
            None => "it goes to whoever subscribes: write `topic = \"..\"`, or make it a `command`",
        };
        errors.at(&endpoint.key, format!("`{ident}` is an event, and an event has no endpoint"), instead);
    }
    if let Some(promise) = &attr.promise {
        errors.at(
            &promise.key,
            format!("`{ident}` is an event, and an event promises no reply"),
            "nobody answers it: remove `reply`, or make it a `command`",
        );
    }
    if attr.topic.is_none() && errors.is_empty() {
        errors.at(
            kind,
            format!("`{ident}` is an event without a topic"),
            "say where it is published: `#[message(event, topic = \"..\")]`, as in \"orders.placed\"",
        );
    }
}

fn reply(contract: &Contract, errors: &mut Errors) {
    let Contract { ident, attr, .. } = contract;
    let back = "it goes back to whoever asked";
    if let Some(topic) = &attr.topic {
        let what = format!("`{ident}` is a reply, and a reply has no topic");
        errors.at(&topic.key, what, format!("{back}: remove `topic`"));
    }
    if let Some(endpoint) = &attr.endpoint {
        let what = format!("`{ident}` is a reply, and a reply has no endpoint");
        errors.at(&endpoint.key, what, format!("{back}: remove `endpoint`"));
    }
    if let Some(promise) = &attr.promise {
        let what = format!("`{ident}` is a reply, and a reply promises no other");
        errors.at(&promise.key, what, format!("{back}, who does not answer: remove `reply = ..`"));
    }
    if let Some(owner) = &attr.owner {
        let what = format!("`{ident}` is a reply, and a reply has no owner");
        errors.at(&owner.key, what, "whoever handles the command answers it: remove `owner`");
    }
    always_mandatory(contract, "reply", errors);
}

fn always_mandatory(contract: &Contract, kind: &str, errors: &mut Errors) {
    if let Some(mandatory) = &contract.attr.mandatory {
        errors.at(
            &mandatory.key,
            format!("`{}` is a {kind}, and a {kind} is always mandatory", contract.ident),
            "only an event may have nobody who takes it: remove `mandatory`",
        );
    }
}
