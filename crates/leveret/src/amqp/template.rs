use amqprs::FieldTable;

use super::fields::{insert, to_table};
use crate::headers::{Headers, Text, Value};

/// How many messages it serves before it is learnt anew: by then others may be sent, which repeat something else.
const LIFE: u32 = 256;
/// Messages with more headers are left alone, and so are longer texts: a template stays under 16 KiB.
const MOST_HEADERS: usize = 32;
const LONGEST_TEXT: usize = 255;

/// What one message after another has in its headers, made into the client's table once.
///
/// That table is a hash map of owned strings, which cannot be told how large it will be. A clone of one keeps its size
/// and hashes nothing, so only what differs costs what a new table costs.
#[derive(Debug, Default)]
pub(super) struct Template {
    /// The texts that `table` holds, in the order in which the messages have them.
    repeated: Vec<(Text, Text)>,
    table: FieldTable,
    /// How many more messages it serves.
    left: u32,
}

impl Template {
    /// The table of these headers, the same as [`to_table`] makes.
    pub(super) fn fill(&mut self, headers: &Headers) -> FieldTable {
        if headers.len() > MOST_HEADERS {
            return to_table(headers);
        }
        if let Some(left) = self.left.checked_sub(1)
            && let Some(table) = self.extended(headers)
        {
            self.left = left;
            return table;
        }
        self.learn(headers)
    }

    /// A clone with the headers that it lacks. `None` if it has any that the message lacks, or in another order.
    fn extended(&self, headers: &Headers) -> Option<FieldTable> {
        let mut table = self.table.clone();
        let mut expected = self.repeated.iter().peekable();
        for (name, value) in headers.pairs() {
            if expected.peek().is_some_and(|(repeated, _)| repeated == name) {
                expected.next().filter(|(_, text)| matches!(value, Value::Text(value) if value == text))?;
            } else {
                // In another order a name may be set twice here (hazard H13): then it is still expected at the end.
                insert(&mut table, name, value);
            }
        }
        expected.next().is_none().then_some(table)
    }

    /// Keeps what this message has in common with those before; at the end of its life all that this one has.
    fn learn(&mut self, headers: &Headers) -> FieldTable {
        let table = to_table(headers);
        let is_new = self.left == 0;
        let (mut repeated, mut kept) = (Vec::with_capacity(headers.len()), table.clone());
        for (name, value) in headers.pairs() {
            match value {
                Value::Text(text)
                    if text.len() <= LONGEST_TEXT
                        && (is_new || self.repeated.iter().any(|(n, t)| n == name && t == text)) =>
                {
                    repeated.push((name.clone(), text.clone()));
                }
                _ => drop(name.as_str().try_into().map(|name| kept.remove(&name))),
            }
        }
        *self = Self { repeated, table: kept, left: if is_new { LIFE } else { self.left } };
        table
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(id: &str, rest: &[(&str, &str)]) -> Headers {
        [("MessageId", id)].into_iter().chain(rest.iter().copied()).collect()
    }

    #[test]
    fn keeps_what_messages_repeat() {
        let mut template = Template::default();
        for id in ["1", "2", "3"] {
            let headers = message(id, &[("ContentType", "json"), ("Intent", "command"), ("TimeSent", id)]);
            assert_eq!(template.fill(&headers), to_table(&headers));
        }
        assert_eq!(template.repeated, [("ContentType", "json"), ("Intent", "command")].map(texts));
    }

    #[test]
    fn what_a_message_lacks_does_not_appear() {
        let mut template = Template::default();
        let both = message("1", &[("A", "a"), ("B", "b")]);
        let swapped = message("1", &[("B", "b"), ("A", "a")]);
        let (lacks, differs) = (message("1", &[("A", "a")]), message("1", &[("A", "a"), ("B", "c")]));
        for headers in [&both, &both, &swapped, &lacks, &both, &differs, &Headers::new(), &both] {
            assert_eq!(template.fill(headers), to_table(headers));
        }
        assert!(template.repeated.is_empty());
    }

    #[test]
    fn learns_anew() {
        let mut template = Template::default();
        for number in 0..2 * LIFE {
            let headers = if number < 9 { Headers::new() } else { message("1", &[("A", "a")]) };
            assert_eq!(template.fill(&headers), to_table(&headers));
        }
        assert_eq!(template.repeated, [("MessageId", "1"), ("A", "a")].map(texts));
    }

    #[test]
    fn leaves_alone_what_is_large() {
        let mut template = Template::default();
        let long = "x".repeat(LONGEST_TEXT + 1);
        let headers = message("1", &[("A", &long)]);
        assert_eq!(template.fill(&headers), to_table(&headers));
        assert_eq!(template.repeated, [("MessageId", "1")].map(texts));
        let many: Headers = (0..40).map(|number| (number.to_string(), "a")).collect();
        assert_eq!(template.fill(&many), to_table(&many));
        assert_eq!(template.repeated, [("MessageId", "1")].map(texts));
    }

    fn texts((name, text): (&'static str, &'static str)) -> (Text, Text) {
        (Text::literal(name), Text::literal(text))
    }

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            4 => prop::sample::select(vec!["", "a", "b"]).prop_map(Value::from),
            1 => prop::sample::select(vec![0.0, -0.0, f64::NAN]).prop_map(Value::from),
            1 => (0_i32..2).prop_map(Value::from),
        ]
    }

    proptest! {
        /// Whatever came before, the table is the one that is made without a template.
        #[test]
        fn no_message_shows_in_another(messages in prop::collection::vec(prop::collection::vec((0_u8..6, value()), 0..9), 0..40)) {
            let mut template = Template::default();
            for message in messages {
                let name = |name: u8| if name == 5 { "x".repeat(256) } else { name.to_string() };
                let headers: Headers = message.into_iter().map(|(n, value)| (name(n), value)).collect();
                // As text, since NaN is not equal to itself: sorted, and with the length that is written.
                let shown = |table: FieldTable| {
                    let mut fields: Vec<_> = table.as_ref().iter().map(|field| format!("{field:?}")).collect();
                    fields.sort();
                    (fields, format!("{table:?}").split(',').next().map(str::to_owned))
                };
                prop_assert_eq!(shown(template.fill(&headers)), shown(to_table(&headers)));
            }
        }
    }
}
