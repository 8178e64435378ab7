use crate::headers::{Headers, Value};

/// What the broker says about a queue that exists with another argument. It names one argument at a time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Complaint {
    pub(super) argument: String,
    /// The broker's words; `None` for nothing.
    pub(super) existing: Option<String>,
    /// Its type, where the broker names one.
    kind: Option<String>,
}

impl Complaint {
    /// Reads `.. inequivalent arg 'A' for queue 'Q' in vhost 'V': received .. but current is ..`. `None` for any
    /// other text, and for one that the broker had to cut, since a reply text has 255 bytes at most.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("inequivalent arg '")?;
        let (argument, rest) = rest.split_once("' for queue '")?;
        let (_, current) = rest.rsplit_once(" but current is ")?;
        let (existing, kind) = match current.strip_prefix("the value '") {
            Some(typed) => {
                let (value, kind) = typed.rsplit_once("' of type '")?;
                (Some(value.to_owned()), Some(kind.strip_suffix('\'')?.to_owned()))
            }
            None if current == "none" => (None, None),
            None => (Some(current.strip_prefix('\'')?.strip_suffix('\'')?.to_owned()), None),
        };
        Some(Self { argument: argument.to_owned(), existing, kind })
    }

    /// Puts the broker's value in place of ours. `false` when we cannot: it is no argument but a property of the
    /// queue, such as `durable`, or of a type that we cannot write.
    pub(super) fn give_in(&self, arguments: &mut Headers) -> bool {
        let Some(text) = &self.existing else { return arguments.remove(&self.argument).is_some() };
        let kind = self.kind.as_deref().or_else(|| kind_of(arguments.get(&self.argument)?));
        let value = match kind {
            Some("longstr") => Some(Value::from(text.as_str())),
            Some("bool" | "boolean") => Some(Value::Bool(text == "true")),
            Some(_) => text.parse().ok().map(Value::I64),
            None => None,
        };
        let known = value.is_some();
        if let Some(value) = value {
            arguments.insert(&*self.argument, value);
        }
        known
    }
}

/// The broker's name for the type of a value. Of some arguments it does not say the type: then it is that of ours.
fn kind_of(value: &Value) -> Option<&'static str> {
    match value {
        Value::Text(_) => Some("longstr"),
        Value::Bool(_) => Some("bool"),
        other => other.as_integer().map(|_| "signedint"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str =
        "PRECONDITION_FAILED - inequivalent arg 'x-delivery-limit' for queue 'it's' in vhost '/': received ";

    fn give_in(text: &str) -> Option<(Headers, bool)> {
        let mut arguments = Headers::from_iter([("x-delivery-limit", 20_i32)]);
        let gave_in = Complaint::parse(&format!("{START}{text}"))?.give_in(&mut arguments);
        Some((arguments, gave_in))
    }

    #[test]
    fn what_brokers_say() {
        let table = [
            ("the value '20' of type 'signedint' but current is none", Some((None, true))),
            (
                "the value '20' of type 'signedint' but current is the value '7' of type 'signedint'",
                Some((Some(Value::I64(7)), true)),
            ),
            ("none but current is the value 'a'b' of type 'longstr'", Some((Some("a'b".into()), true))),
            ("none but current is the value 'true' of type 'bool'", Some((Some(true.into()), true))),
            ("'20' but current is '7'", Some((Some(Value::I64(7)), true))),
            ("'20' but current is 'many'", Some((Some(20_i32.into()), false))),
            ("the value '20' of type 'signedint' but curr", None),
            ("none but current is the value '[]' of type 'array'", Some((Some(20_i32.into()), false))),
        ];
        for (text, expected) in table {
            let found = give_in(text)
                .map(|(arguments, gave_in)| (arguments.get("x-delivery-limit").cloned(), gave_in));
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(Complaint::parse("PRECONDITION_FAILED - unknown delivery tag 1"), None);
    }
}
