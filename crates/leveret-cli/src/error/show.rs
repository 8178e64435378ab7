use std::fmt::Write;

use leveret::{
    admin::{Filter, Found},
    headers::{Headers, Value},
};

use crate::{
    args::Common,
    connect::with_errors,
    exit::{Failure, Outcome},
    out::{complain, say},
    text,
};

pub(super) async fn run(common: &Common, id: &str) -> Result<Outcome, Failure> {
    let filter = Filter::new().id(id);
    match with_errors(common, async |errors| Ok(errors.find(&filter).await?)).await? {
        Some(found) => {
            say(&render(&found))?;
            Ok(Outcome::Fine)
        }
        None => {
            complain(&format!("no message with the id `{id}` is in `{}`", common.queue));
            Ok(Outcome::Wanting)
        }
    }
}

fn render(found: &Found) -> String {
    let Found { failed, received, .. } = found;
    let mut shown = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(shown, "{name:<10} {}", text::one_line(value));
    };
    line("id", failed.id.as_deref().unwrap_or("-"));
    line("type", failed.message_type.as_deref().unwrap_or("-"));
    line("source", failed.source.as_deref().unwrap_or("-"));
    line("failed", &failed.failed_at.map_or("-".to_owned(), |at| at.to_string()));
    line("exchange", if received.exchange.is_empty() { "-" } else { &received.exchange });
    line("key", &received.routing_key);
    shown.push_str("\nproperties\n");
    shown.push_str(&properties(found));
    shown.push_str("\nheaders\n");
    shown.push_str(&headers(&received.envelope.headers, 1));
    let _ = write!(shown, "\nbody ({} bytes)\n{}\n", failed.body_bytes, text::body(&received.envelope.body));
    shown
}

fn properties(found: &Found) -> String {
    let properties = &found.received.envelope.properties;
    let texts = [
        ("content_type", &properties.content_type),
        ("content_encoding", &properties.content_encoding),
        ("correlation_id", &properties.correlation_id),
        ("reply_to", &properties.reply_to),
        ("expiration", &properties.expiration),
        ("message_id", &properties.message_id),
        ("type", &properties.kind),
        ("user_id", &properties.user_id),
        ("app_id", &properties.app_id),
    ];
    let numbers = [
        ("priority", properties.priority.map(u64::from)),
        ("timestamp", properties.timestamp),
        ("delivery_mode", Some(if properties.persistent { 2 } else { 1 })),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?.to_owned())));
    let numbers = numbers.into_iter().filter_map(|(name, number)| Some((name, number?.to_string())));
    texts.chain(numbers).map(|(name, value)| format!("  {name}: {}\n", text::one_line(&value))).collect()
}

/// A header table, each name on a line of its own.
fn headers(table: &Headers, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    table
        .iter()
        .map(|(name, value)| format!("{indent}{}:{}", text::one_line(name), shown(value, depth)))
        .collect()
}

/// A value behind its name or its dash, with the line end.
fn shown(value: &Value, depth: usize) -> String {
    let indent = "  ".repeat(depth);
    match value {
        Value::Table(table) if table.is_empty() => " {}\n".to_owned(),
        Value::Array(values) if values.is_empty() => " []\n".to_owned(),
        Value::Table(table) => format!("\n{}", headers(table, depth + 1)),
        Value::Array(values) => {
            let items = values.iter().map(|value| format!("{indent}  -{}", shown(value, depth + 1)));
            format!("\n{}", items.collect::<String>())
        }
        Value::Text(text) if text.contains('\n') => {
            let inner = text::lines(text).replace('\n', &format!("\n{indent}  "));
            format!("\n{indent}  {inner}\n")
        }
        Value::Void => " nothing\n".to_owned(),
        Value::Decimal { scale, value } => format!(" {value} / 10^{scale}\n"),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => format!(" {} (bytes)\n", text::one_line(text)),
            Err(_) => {
                let digits: String = bytes.iter().take(256).map(|byte| format!("{byte:02x}")).collect();
                format!(" 0x{digits} ({} bytes)\n", bytes.len())
            }
        },
        other => format!(" {}\n", text::one_line(&other.to_text().unwrap_or_default())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_all_types() {
        let inner = Headers::from_iter([("queue", Value::from("shop")), ("void", Value::Void)]);
        let table = Headers::from_iter([
            ("text", Value::from("a\x1b[1m")),
            ("lines", "first\nsecond".into()),
            ("number", Value::I16(-3)),
            ("decimal", Value::Decimal { scale: 2, value: 314 }),
            ("bytes", Value::Bytes(vec![0, 255])),
            ("array", Value::Array(vec![inner.clone().into(), Value::Array(vec![]), true.into()])),
            ("table", inner.into()),
        ]);
        let expected = "  text: a [1m
  lines:
    first
    second
  number: -3
  decimal: 314 / 10^2
  bytes: 0x00ff (2 bytes)
  array:
    -
      queue: shop
      void: nothing
    - []
    - true
  table:
    queue: shop
    void: nothing
";
        assert_eq!(headers(&table, 1), expected);
    }
}
