use std::path::Path;

use super::{
    floors::{EXEMPT, OPENERS, TRANSPORTS, floor},
    imports::imports,
    source::is_word,
};

/// A file of a crate, reduced to its code.
pub(super) struct Module<'a> {
    /// The file as messages name it.
    shown: &'a str,
    /// The top-level module it belongs to.
    top: String,
    /// How many modules deep it is: 1 for `id.rs` and `codec/mod.rs`.
    depth: usize,
    test: bool,
    code: &'a str,
}

impl<'a> Module<'a> {
    pub(super) fn new(shown: &'a str, inner: &Path, code: &'a str) -> Self {
        let without_extension = inner.with_extension("");
        let mut parts: Vec<String> =
            without_extension.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        parts.pop_if(|last| last == "mod");
        Self {
            shown,
            top: parts.first().cloned().unwrap_or_default(),
            depth: parts.len(),
            test: parts.iter().any(|part| part == "tests"),
            code,
        }
    }
}

/// The floors of `crates/leveret`.
pub(super) fn runtime(module: &Module<'_>, violations: &mut Vec<String>) {
    let Module { shown, top, .. } = module;
    if module.test {
        return;
    }
    client_library(module, violations);
    if EXEMPT.contains(&top.as_str()) {
        return;
    }
    let Some(own) = floor(top) else {
        violations.push(format!(
            "{shown}:1: the module `{top}` is on no floor; put it into the table of `cargo xtask layers` and into \
             architecture.md, or into a module that exists"
        ));
        return;
    };
    for import in imports(module.code, module.depth) {
        let (line, name) = (import.line, import.name);
        if name == top {
            continue;
        }
        match floor(name) {
            None if import.climbed => {}
            None => violations.push(format!(
                "{shown}:{line}: `crate::{name}` is no module of the floors; import it by its module, crate::module::Type"
            )),
            Some(other) if TRANSPORTS.contains(&name) && !OPENERS.contains(&top.as_str()) => violations.push(format!(
                "{shown}:{line}: `{top}` (floor {own}) names the transport `{name}` (floor {other}), which only \
                 {} may; go through the port, crate::transport",
                OPENERS.join(" and ")
            )),
            Some(other) if other >= own => violations.push(format!(
                "{shown}:{line}: `{top}` (floor {own}) imports `{name}` (floor {other}), which is {}; move what both \
                 need to a lower floor, or pass it in from above",
                if other == own { "beside it" } else { "above it" }
            )),
            Some(_) => {}
        }
    }
}

/// Nothing of amqprs is seen outside `amqp/`.
fn client_library(module: &Module<'_>, violations: &mut Vec<String>) {
    if module.top == "amqp" {
        return;
    }
    for (number, line) in module.code.lines().enumerate() {
        if line.split(|letter| !is_word(letter)).any(|word| word == "amqprs") {
            let (shown, line) = (module.shown, number + 1);
            violations.push(format!(
                "{shown}:{line}: amqprs is named outside amqp/; put a type of the port, crate::transport, in its place"
            ));
        }
    }
}

/// The two macros know nothing of each other.
pub(super) fn macros(module: &Module<'_>, violations: &mut Vec<String>) {
    let other = match module.top.as_str() {
        "message" => "handler",
        "handler" => "message",
        _ => return,
    };
    for import in imports(module.code, module.depth).iter().filter(|import| import.name == other) {
        let (shown, line, top) = (module.shown, import.line, &module.top);
        violations
            .push(format!("{shown}:{line}: `{top}` imports `{other}`; put what both need into `common`"));
    }
}
