//! The rules of names, topics and patterns. The runtime checks the same where a name is known only then.

use super::Mistake;

/// The longest name that AMQP can carry, in bytes.
const MAX_NAME: usize = 255;

/// The longest name of an endpoint, in bytes: it must fit behind the digits of a delay key (design §5).
const MAX_ENDPOINT: usize = 190;

/// The topic of an event: words between dots.
pub(crate) fn topic(text: &str, of: &str) -> Result<(), Mistake> {
    length("topic", text, of, MAX_NAME)?;
    no_empty_word("topic", text, of)?;
    if text.contains(['*', '#']) {
        return Err(Mistake::new(
            format!("the topic \"{text}\" of `{of}` has a wildcard"),
            "an event is published on one exact topic; wildcards belong to handlers: `#[handler(topic = \"..\")]`",
        ));
    }
    Ok(())
}

/// The pattern of a subscription: words between dots, of which some are wildcards.
pub(crate) fn pattern(text: &str, of: &str) -> Result<(), Mistake> {
    length("topic pattern", text, of, MAX_NAME)?;
    no_empty_word("topic pattern", text, of)?;
    match text.split('.').find(|word| word.len() > 1 && word.contains(['*', '#'])) {
        Some(word) => Err(Mistake::new(
            format!("the topic pattern \"{text}\" of `{of}` has a wildcard inside the word `{word}`"),
            "a wildcard stands for whole words: write `*` (one) or `#` (none or more) between dots",
        )),
        None => Ok(()),
    }
}

/// The name of an endpoint, and of its queue.
pub(crate) fn endpoint(text: &str, of: &str) -> Result<(), Mistake> {
    endpoint_as("endpoint", text, of)
}

/// The endpoint that owns an event.
pub(crate) fn owner(text: &str, of: &str) -> Result<(), Mistake> {
    endpoint_as("owner", text, of)
}

fn endpoint_as(role: &str, text: &str, of: &str) -> Result<(), Mistake> {
    length(&format!("{role} name"), text, of, MAX_ENDPOINT)?;
    if text == "error" {
        return Err(Mistake::new(
            format!("the {role} of `{of}` cannot be called \"error\""),
            "that is the queue of failed messages: choose another name",
        ));
    }
    if text.split('.').any(|word| word == "*" || word == "#") {
        return Err(Mistake::new(
            format!("the {role} name \"{text}\" of `{of}` has a wildcard"),
            "use neither `*` nor `#` as a word of it",
        ));
    }
    Ok(())
}

/// The name of a contract on the wire.
pub(crate) fn wire_name(text: &str, of: &str) -> Result<(), Mistake> {
    wire_name_as("wire name", text, of)
}

/// A name that a contract had on the wire before.
pub(crate) fn alias(text: &str, of: &str) -> Result<(), Mistake> {
    wire_name_as("alias", text, of)
}

fn wire_name_as(role: &str, text: &str, of: &str) -> Result<(), Mistake> {
    length(role, text, of, MAX_NAME)?;
    if text == "*" {
        return Err(Mistake::new(
            format!("the {role} of `{of}` cannot be \"*\""),
            "that stands for whatever arrives, `AnyMessage`: choose another name",
        ));
    }
    Ok(())
}

fn length(what: &str, text: &str, of: &str, limit: usize) -> Result<(), Mistake> {
    match text.len() {
        0 => Err(Mistake::new(format!("the {what} of `{of}` is empty"), "write a name between the quotes")),
        bytes if bytes > limit => Err(Mistake::new(
            format!("the {what} of `{of}` has {bytes} bytes"),
            format!("shorten it: it may have {limit} at most"),
        )),
        _ => Ok(()),
    }
}

fn no_empty_word(what: &str, text: &str, of: &str) -> Result<(), Mistake> {
    if text.split('.').any(str::is_empty) {
        return Err(Mistake::new(
            format!("the {what} \"{text}\" of `{of}` has an empty word"),
            "write words with one dot between them, as in \"orders.placed\"",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Check = fn(&str, &str) -> Result<(), Mistake>;

    fn accepts(check: Check, good: &[&str]) {
        for text in good {
            assert_eq!(check(text, "It"), Ok(()), "{text}");
        }
    }

    fn refuses(check: Check, bad: &[(&str, &str)]) {
        for (text, why) in bad {
            let mistake = check(text, "It").unwrap_err().to_string();
            assert!(mistake.contains(why) && mistake.contains("`It`"), "{text}: {mistake}");
        }
    }

    #[test]
    fn topics() {
        accepts(topic, &["orders", "orders.placed", "größe.x", &"x".repeat(255)]);
        let long = "é".repeat(128);
        refuses(topic, &[("", "empty"), ("a..b", "empty word"), (".a", "empty word"), ("a.", "empty word")]);
        refuses(topic, &[("a.*", "wildcard"), ("#", "wildcard"), ("a*", "wildcard"), (&long, "256 bytes")]);
    }

    #[test]
    fn patterns() {
        accepts(pattern, &["orders.placed", "orders.*", "#", "*.#.b"]);
        refuses(pattern, &[("", "empty"), ("a..#", "empty word"), ("a.b*", "inside the word `b*`")]);
        refuses(pattern, &[("##", "inside the word `##`"), (&"x".repeat(256), "256 bytes")]);
    }

    #[test]
    fn endpoints() {
        accepts(endpoint, &["billing", "shop.billing", "a*b", "errors", &"x".repeat(190)]);
        refuses(endpoint, &[("", "empty"), ("error", "cannot be called"), ("shop.*", "wildcard")]);
        refuses(endpoint, &[("#", "wildcard"), (&"x".repeat(191), "191 bytes")]);
        refuses(owner, &[("", "owner name"), ("error", "the owner of"), ("shop.*", "owner name")]);
    }

    #[test]
    fn wire_names() {
        accepts(wire_name, &["ChargeCard", "billing.v2.ChargeCard", &"x".repeat(255)]);
        refuses(wire_name, &[("", "empty"), ("*", "cannot be"), (&"x".repeat(256), "256 bytes")]);
        refuses(alias, &[("", "the alias of"), ("*", "the alias of"), (&"x".repeat(256), "256 bytes")]);
    }
}
