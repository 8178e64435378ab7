use syn::ItemImpl;

use super::{
    ast::{Block, Handler, Member, Method},
    attr::{BlockAttr, HandlerAttr},
    signature,
};
use crate::common::{Errors, plain, words};

/// The handlers of a block that have no mistake in their form; the mistakes of the others, and of the block.
pub(super) fn block(block: &Block, service: &str, attr: &BlockAttr, errors: &mut Errors) -> Vec<Handler> {
    head(&block.head, service, errors);
    if let Some(name) = &attr.endpoint {
        errors.checked(name, words::endpoint(&name.value(), service));
    }
    let mut handlers = Vec::new();
    if block.head.trait_.is_some() {
        return handlers;
    }
    let mut marked = false;
    for member in &block.members {
        match member {
            Member::Method(method) if !method.marks.is_empty() => {
                marked = true;
                handlers.extend(handler(method, &block.head, errors));
            }
            Member::Other(other) => {
                marked |= !other.marks.is_empty();
                for mark in other.marks.iter().filter(|_| !other.is_method()) {
                    errors.at(
                        &mark.meta,
                        "`#[handler]` does not stand above a method",
                        "a handler is a method: `async fn charge(&self, command: ChargeCard) -> ..`",
                    );
                }
            }
            Member::Method(_) => {}
        }
    }
    let self_ty = &block.head.self_ty;
    if !marked && errors.is_empty() {
        let instead = "write `#[handler]` above each method that takes a message";
        errors.at(self_ty, format!("`{service}` has no handler"), instead);
    }
    // A misspelt key may well be the endpoint.
    if attr.endpoint.is_none() && errors.is_empty() {
        let instead = "name it: `#[handler(endpoint = \"..\")]` above the `impl` block";
        errors.at(self_ty, format!("`{service}` does not say which endpoint it is"), instead);
    }
    handlers
}

fn head(head: &ItemImpl, service: &str, errors: &mut Errors) {
    if let Some((path, _)) = &head.trait_ {
        errors.at(
            path,
            format!("`#[handler]` stands above an implementation of `{}`", plain(path)),
            format!("put it above a block of the service's own, `impl {service} {{ .. }}`"),
        );
    }
    if let Some(lifetime) = head.generics.lifetimes().next() {
        errors.at(
            lifetime,
            format!("`{service}` borrows, and a service lives as long as its bus"),
            "own the data, or share it in an `Arc`",
        );
    }
}

fn handler(method: &Method, head: &ItemImpl, errors: &mut Errors) -> Option<Handler> {
    let name = &method.signature.ident;
    let mut attr = HandlerAttr::default();
    if let Some((mark, others)) = method.marks.split_first() {
        attr = HandlerAttr::read(mark, name, errors);
        if let Some(second) = others.first() {
            errors.at(
                &second.meta,
                format!("`#[handler]` stands twice above `{name}`"),
                "remove one of the two",
            );
        }
    }
    if let Some(topic) = &attr.topic {
        errors.checked(topic, words::pattern(&topic.value(), &name.to_string()));
    }
    signature::form(&method.signature, errors);
    let message = signature::message(&method.signature, &head.generics, errors);
    let context = signature::context(&method.signature, errors);
    let returned = signature::returned(&method.signature, errors);
    Some(Handler {
        name: name.clone(),
        message: message?,
        context,
        returned: returned?,
        topic: attr.topic,
        untyped: attr.untyped,
        cfgs: method.cfgs(),
    })
}
