//! The form of a handler: `async fn name(&self, message: Message, ctx: &Context) -> Result<_, HandlerError>`.

use syn::{FnArg, GenericParam, Generics, PatType, ReceiverKind, ReturnType, Safety, Signature, Type};

use super::unknown::unknown_without_service;
use crate::common::{Errors, plain};

/// Reports what is wrong before the parameters, and with their number.
pub(super) fn form(signature: &Signature, errors: &mut Errors) {
    let name = &signature.ident;
    if signature.asyncness.is_none() {
        let instead = format!("a handler is an `async fn`: write `async fn {name}(..)`");
        errors.at(signature.fn_token, format!("`{name}` is not `async`"), instead);
    }
    if let Safety::Unsafe(token) = &signature.safety {
        errors.at(token, format!("`{name}` is `unsafe`"), "the bus calls it: remove `unsafe`");
    }
    if let Some(abi) = &signature.abi {
        errors.at(abi, format!("`{name}` has an ABI of its own"), "the bus calls it: remove `extern`");
    }
    let generic = signature.generics.params.iter().find(|param| !matches!(param, GenericParam::Lifetime(_)));
    if let Some(param) = generic {
        let instead = "the routing table names one message for each handler: write a handler for each type";
        errors.at(param, format!("`{name}` cannot be generic"), instead);
    }
    receiver(signature, errors);
    for extra in parameters(signature).skip(2) {
        errors.at(
            extra,
            format!("`{name}` takes more than a message and the context"),
            "what the service needs besides belongs in its struct, behind `&self`",
        );
    }
}

fn receiver(signature: &Signature, errors: &mut Errors) {
    let name = &signature.ident;
    let Some(receiver) = signature.receiver() else {
        let instead = format!("a handler is a method of its service: write `{name}(&self, ..)`");
        errors.at(name, format!("`{name}` has no `&self`"), instead);
        return;
    };
    match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => {}
        ReceiverKind::Reference(_, _, Some(mutable)) => errors.at(
            mutable,
            format!("`{name}` takes `&mut self`"),
            "handlers run at the same time: take `&self`, and keep what changes behind a `Mutex` or a channel",
        ),
        _ => errors.at(
            receiver,
            format!("`{name}` does not take `&self`"),
            format!("one service handles many messages: write `{name}(&self, ..)`"),
        ),
    }
}

/// The type of the message, if it is one that the routing table can name.
pub(super) fn message(signature: &Signature, generics: &Generics, errors: &mut Errors) -> Option<Type> {
    let name = &signature.ident;
    let mut parameters = parameters(signature);
    let Some(parameter) = parameters.next() else {
        let instead = format!("write `{name}(&self, command: ..)` or `{name}(&self, event: ..)`");
        errors.at(name, format!("`{name}` takes no message"), instead);
        return None;
    };
    let ty = &*parameter.ty;
    match bare(ty) {
        Type::Reference(reference) if is_context(&reference.elem) => {
            let (what, instead) = match parameters.next() {
                Some(second) => (
                    format!("`{name}` takes the context before its message"),
                    format!("write `{name}(&self, message: {}, ctx: &Context)`", plain(&second.ty)),
                ),
                None => (
                    format!("`{name}` takes the context and no message"),
                    format!("write `{name}(&self, command: .., ctx: &Context)`"),
                ),
            };
            errors.at(ty, what, instead);
        }
        Type::Reference(reference) => {
            let message = plain(&reference.elem);
            let instead = format!("a handler owns its message: write `{message}`");
            errors.at(ty, format!("`{name}` takes `{message}` by reference"), instead);
        }
        Type::ImplTrait(_) => errors.at(
            ty,
            format!("`{name}` does not name the type of its message"),
            "the routing table is made from that type: write it out",
        ),
        // An unknown type is rustc's to report.
        Type::Infer(_) => {}
        bare => match unknown_without_service(bare, generics) {
            Some(unknown) => errors.at(
                &unknown,
                format!("the message of `{name}` depends on `{unknown}`"),
                "the routing table is made before any service: write the type out",
            ),
            None => return Some(bare.clone()),
        },
    }
    None
}

/// The type of the parameter behind the message; what it may be is decided where types are known.
pub(super) fn context(signature: &Signature, errors: &mut Errors) -> Option<Type> {
    let name = &signature.ident;
    let ty = &*parameters(signature).nth(1)?.ty;
    match bare(ty) {
        Type::Reference(reference) if reference.mutability.is_some() => errors.at(
            reference.mutability,
            format!("`{name}` takes the context as `&mut`"),
            "the context is shared: write `ctx: &Context`",
        ),
        Type::ImplTrait(_) => errors.at(
            ty,
            format!("`{name}` takes more than a message and the context"),
            "write `ctx: &Context` here, or nothing",
        ),
        bare if is_context(bare) => errors.at(
            ty,
            format!("`{name}` takes the context by value"),
            "the context is borrowed: write `ctx: &Context`",
        ),
        _ => {}
    }
    Some(ty.clone())
}

/// The type that the handler returns; what it must be is decided where types are known.
pub(super) fn returned(signature: &Signature, errors: &mut Errors) -> Option<Type> {
    let name = &signature.ident;
    match &signature.output {
        ReturnType::Default => errors.at(
            name,
            format!("`{name}` returns nothing"),
            "write `-> Result<(), HandlerError>`, or the promised reply in place of `()`",
        ),
        // Of a function that is not `async`, one mistake is enough.
        ReturnType::Type(_, ty)
            if matches!(bare(ty), Type::ImplTrait(_)) && signature.asyncness.is_some() =>
        {
            let instead = "write `-> Result<(), HandlerError>`, or the promised reply in place of `()`";
            errors.at(ty, format!("`{name}` does not return a `Result`"), instead);
        }
        ReturnType::Type(_, ty) => return Some((**ty).clone()),
    }
    None
}

pub(super) fn parameters(signature: &Signature) -> impl Iterator<Item = &PatType> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(parameter) => Some(parameter),
        FnArg::Receiver(_) => None,
    })
}

/// The type without brackets, and without the invisible ones of `macro_rules!`.
pub(super) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        ty => ty,
    }
}

pub(super) fn is_context(ty: &Type) -> bool {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last().is_some_and(|segment| segment.ident == "Context"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse_quote;

    use super::*;

    /// How many mistakes a signature has.
    fn mistakes(signature: &Signature) -> usize {
        let mut errors = Errors::default();
        form(signature, &mut errors);
        message(signature, &Generics::default(), &mut errors);
        context(signature, &mut errors);
        returned(signature, &mut errors);
        errors.to_token_stream().to_string().matches("compile_error").count()
    }

    #[test]
    fn one_mistake_is_one_error() {
        let cases: [(Signature, usize); 16] = [
            (parse_quote!(async fn refund(&self, command: Refund) -> Result<(), HandlerError>), 0),
            (
                parse_quote!(async fn refund<'a>(&'a self, c: Refund, ctx: &'a Context) -> anyhow::Result<()>),
                0,
            ),
            (parse_quote!(fn refund(&self, command: Refund) -> Result<(), HandlerError>), 1),
            (parse_quote!(fn refund(&self, command: Refund) -> impl Future), 1),
            (parse_quote!(async fn refund(command: Refund) -> Result<(), HandlerError>), 1),
            (parse_quote!(async fn refund(&mut self, command: Refund) -> Result<(), HandlerError>), 1),
            (parse_quote!(async fn refund(self, command: Refund) -> Result<(), HandlerError>), 1),
            (parse_quote!(async fn refund(&self) -> Result<(), HandlerError>), 1),
            (parse_quote!(async fn refund(&self, command: &Refund) -> Result<(), HandlerError>), 1),
            (parse_quote!(async fn refund(&self, command: impl Message) -> Result<(), HandlerError>), 1),
            (
                parse_quote!(async fn refund(&self, ctx: &Context, command: Refund) -> Result<(), HandlerError>),
                1,
            ),
            (
                parse_quote!(async fn refund(&self, command: Refund, ctx: Context) -> Result<(), HandlerError>),
                1,
            ),
            (
                parse_quote!(async fn refund(&self, c: Refund, ctx: &mut Context) -> Result<(), HandlerError>),
                1,
            ),
            (
                parse_quote!(async fn refund(&self, c: Refund, ctx: &Context, x: u8) -> Result<(), HandlerError>),
                1,
            ),
            (parse_quote!(async fn refund<T>(&self, command: Refund) -> Result<(), HandlerError>), 1),
            (parse_quote!(fn refund(command: &Refund)), 4),
        ];
        for (signature, expected) in cases {
            assert_eq!(mistakes(&signature), expected, "{}", signature.to_token_stream());
        }
    }
}
