use std::fmt;

/// The longest name that AMQP can carry, in bytes: its short strings have one length byte.
pub const MAX_NAME: usize = 255;

/// The longest name of an endpoint, in bytes: it must fit behind the digits of a delay key (design §5).
pub const MAX_ENDPOINT_NAME: usize = 190;

/// A name that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidName {
    /// Nothing in it.
    Empty {
        /// What it should name.
        what: &'static str,
    },
    /// More bytes than fit.
    TooLong {
        /// What it names.
        what: &'static str,
        /// Its beginning.
        start: String,
        /// How many bytes it has.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// An endpoint's name with a word that is a wildcard.
    Wildcard {
        /// The name.
        name: String,
    },
    /// An endpoint called like the error queue.
    ErrorQueue,
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty { what } => write!(f, "the {what} is empty: give it a name"),
            Self::TooLong { what, start, bytes, limit } => {
                write!(
                    f,
                    "the {what} \"{start}..\" has {bytes} bytes, and may have {limit} at most: shorten it"
                )
            }
            Self::Wildcard { name } => write!(
                f,
                "the endpoint name \"{name}\" has a word that is a wildcard: use neither `*` nor `#` as a word"
            ),
            Self::ErrorQueue => {
                f.write_str("an endpoint cannot be called `error`: that is the queue of failed messages")
            }
        }
    }
}

impl std::error::Error for InvalidName {}

/// Checks the name of a queue, an exchange, a topic or the like.
///
/// # Errors
/// When it is empty or longer than [`MAX_NAME`].
pub fn check_name(what: &'static str, name: &str) -> Result<(), InvalidName> {
    check(what, name, MAX_NAME)
}

/// Checks the name of an endpoint.
///
/// # Errors
/// When it is empty, longer than [`MAX_ENDPOINT_NAME`], `error`, or has a word `*` or `#`.
pub fn check_endpoint_name(name: &str) -> Result<(), InvalidName> {
    check("endpoint name", name, MAX_ENDPOINT_NAME)?;
    if name == "error" {
        return Err(InvalidName::ErrorQueue);
    }
    if name.split('.').any(|word| word == "*" || word == "#") {
        return Err(InvalidName::Wildcard { name: name.to_owned() });
    }
    Ok(())
}

fn check(what: &'static str, name: &str, limit: usize) -> Result<(), InvalidName> {
    match name.len() {
        0 => Err(InvalidName::Empty { what }),
        bytes if bytes > limit => {
            Err(InvalidName::TooLong { what, start: name.chars().take(40).collect(), bytes, limit })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_measured_in_bytes() {
        assert_eq!(check_name("queue", &"é".repeat(127)), Ok(()));
        assert!(matches!(
            check_name("queue", &"é".repeat(128)),
            Err(InvalidName::TooLong { bytes: 256, .. })
        ));
        assert_eq!(check_name("queue", ""), Err(InvalidName::Empty { what: "queue" }));
    }

    #[test]
    fn endpoints_have_narrower_limits() {
        for good in ["billing", "shop.billing", "a*b", &"x".repeat(190)] {
            assert_eq!(check_endpoint_name(good), Ok(()), "{good}");
        }
        for bad in ["", "error", "shop.*", "#", &"x".repeat(191)] {
            assert!(check_endpoint_name(bad).is_err(), "{bad}");
        }
    }
}
