use std::fmt::Write;

/// How many handlers an endpoint has.
const HANDLERS: usize = 20;

/// By whom the implementations of leveret's traits are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    /// `#[derive(Message)]` and `#[handler]`.
    Macros,
    /// A person: `impl Message` and `impl Endpoint`, without the checks of the macros.
    Hand,
}

impl Author {
    pub(super) const fn package(self) -> &'static str {
        match self {
            Self::Macros => "by-macros",
            Self::Hand => "by-hand",
        }
    }
}

/// The kind of the contract with this number: of four, two are commands, the later of which promises the reply
/// before it.
enum Kind {
    Command,
    Reply,
    Asking,
    Event,
}

impl Kind {
    const fn of(number: usize) -> Self {
        match number % 4 {
            0 => Self::Command,
            1 => Self::Reply,
            2 => Self::Asking,
            _ => Self::Event,
        }
    }
}

/// An edit of the first handler's body, with a number that tells it from others of its kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit {
    /// What stands behind it stays where it is.
    SameLength(usize),
    /// What stands behind it moves, and keeps its line.
    Length(usize),
    /// What stands behind it moves to another line.
    Line(usize),
}

impl Edit {
    /// The number that the handler adds, and the lines before it.
    fn written(self) -> (String, String) {
        match self {
            Self::SameLength(number) => ((10 + number % 90).to_string(), String::new()),
            Self::Length(number) => ("9".repeat(1 + number % 9), String::new()),
            Self::Line(number) => {
                ("10".to_owned(), "        let total = total.abs();\n".repeat(1 + number % 9))
            }
        }
    }
}

/// A library with so many contracts, and a handler for each. Only the body of the first handler depends on `edit`.
pub(super) fn library(author: Author, contracts: usize, edit: Edit) -> String {
    let mut text =
        "use leveret::{Context, HandlerError, Message};\nuse serde::{Deserialize, Serialize};\n".to_owned();
    text.push_str(match author {
        Author::Macros => "use leveret::handler;\n",
        Author::Hand => "use leveret::{Delivery, Endpoint, handler::Route, message::kind};\n",
    });
    for number in 0..contracts {
        text.push_str(&contract(author, number));
    }
    for first in (0..contracts).step_by(HANDLERS) {
        let numbers: Vec<usize> = (first..contracts.min(first + HANDLERS)).collect();
        text.push_str(&service(author, first / HANDLERS, &numbers, edit));
    }
    text
}

fn contract(author: Author, number: usize) -> String {
    let kind = Kind::of(number);
    let endpoint = format!("service{}", number / HANDLERS);
    let reply = format!("Message{}", number.saturating_sub(1));
    let (derive, attribute, implementation) = match author {
        Author::Macros => {
            let attribute = match kind {
                Kind::Command => format!("command, endpoint = \"{endpoint}\""),
                Kind::Asking => format!("command, endpoint = \"{endpoint}\", reply = {reply}"),
                Kind::Reply => "reply".to_owned(),
                Kind::Event => format!("event, topic = \"things.happened{number}\""),
            };
            (", Message", format!("#[message({attribute})]\n"), String::new())
        }
        Author::Hand => {
            let (kind, reply, address) = match kind {
                Kind::Command => ("Command", "()", endpoint),
                Kind::Asking => ("Command", reply.as_str(), endpoint),
                Kind::Reply => ("Reply", "()", String::new()),
                Kind::Event => ("Event", "()", format!("things.happened{number}")),
            };
            let implementation = format!(
                "impl Message for Message{number} {{
    type Kind = kind::{kind};
    type Reply = {reply};
    type Owner = ();
    const NAME: &'static str = \"Message{number}\";
    const ADDRESS: &'static str = \"{address}\";
}}
"
            );
            ("", String::new(), implementation)
        }
    };
    format!(
        "
#[derive(Debug, Serialize, Deserialize{derive})]
{attribute}pub struct Message{number} {{
    pub order: u64,
    pub customer: String,
    pub amounts: Vec<i64>,
}}
{implementation}"
    )
}

fn service(author: Author, service: usize, numbers: &[usize], edit: Edit) -> String {
    let (block, mark) = match author {
        Author::Macros => (format!("#[handler(endpoint = \"service{service}\")]\n"), "    #[handler]\n"),
        Author::Hand => (String::new(), ""),
    };
    let mut text = format!(
        "\npub struct Service{service} {{\n    pub limit: u64,\n}}\n\n{block}impl Service{service} {{\n"
    );
    for &number in numbers {
        let edit = if number == 0 { edit } else { Edit::SameLength(0) };
        text.push_str(mark);
        text.push_str(&handler(number, edit));
    }
    text.push_str("}\n");
    if author == Author::Hand {
        text.push_str(&endpoint(service, numbers));
    }
    text
}

fn handler(number: usize, edit: Edit) -> String {
    let (added, lines) = edit.written();
    let (reply, value) = match Kind::of(number) {
        Kind::Asking => {
            let reply = format!("Message{}", number.saturating_sub(1));
            let fields = "order: message.order, customer: message.customer, amounts: message.amounts";
            (reply.clone(), format!("{reply} {{ {fields} }}"))
        }
        _ => ("()".to_owned(), "()".to_owned()),
    };
    format!(
        "    pub async fn handle{number}(
        &self,
        message: Message{number},
        ctx: &Context,
    ) -> Result<{reply}, HandlerError> {{
        let total: i64 = message.amounts.iter().sum();
{lines}        if message.order > self.limit + {added} || total < 0 {{
            let (order, attempt) = (message.order, ctx.attempt());
            return Err(format!(\"order {{order}} of {{}}, attempt {{attempt}}\", message.customer).into());
        }}
        Ok({value})
    }}
"
    )
}

fn endpoint(service: usize, numbers: &[usize]) -> String {
    let (mut routes, mut arms) = (String::new(), String::new());
    for number in numbers {
        let _ = writeln!(routes, "        Route::of::<Message{number}>(\"handle{number}\"),");
        let _ = writeln!(
            arms,
            "            \"handle{number}\" => {{
                ctx.answer(self.handle{number}(delivery.decode()?, ctx).await?).await
            }}"
        );
    }
    format!(
        "
impl Endpoint for Service{service} {{
    const NAME: &'static str = \"service{service}\";
    const ROUTES: &'static [Route] = &[
{routes}    ];

    async fn dispatch(&self, route: &Route, delivery: Delivery, ctx: &Context) -> Result<(), HandlerError> {{
        match route.handler {{
{arms}            other => Err(format!(\"no handler `{{other}}`\").into()),
        }}
    }}
}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_have_the_same_contracts_and_handlers() {
        for author in [Author::Macros, Author::Hand] {
            let text = library(author, 41, Edit::SameLength(0));
            assert_eq!(text.matches("pub struct Message").count(), 41, "{author:?}");
            assert_eq!(text.matches("pub async fn handle").count(), 41, "{author:?}");
            assert_eq!(text.matches("pub struct Service").count(), 3, "{author:?}");
        }
    }

    #[test]
    fn edits_move_what_they_say() {
        let moved = |edit: fn(usize) -> Edit| {
            let [before, after] = [1, 2].map(|number| library(Author::Hand, 41, edit(number)));
            assert_ne!(before, after);
            (before.len() != after.len(), before.lines().count() != after.lines().count())
        };
        assert_eq!(moved(Edit::SameLength), (false, false));
        assert_eq!(moved(Edit::Length), (true, false));
        assert_eq!(moved(Edit::Line), (true, true));
    }
}
