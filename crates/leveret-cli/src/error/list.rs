use leveret::admin::{Failed, Listing};
use time::OffsetDateTime;

use super::{incomplete, json, plural};
use crate::{
    age,
    args::{Common, List},
    connect::with_errors,
    exit::{Failure, Outcome},
    out::{complain, say},
    table::Table,
};

pub(super) async fn run(common: &Common, options: &List) -> Result<Outcome, Failure> {
    let filter = options.filter.filter();
    let listing = with_errors(common, async |errors| Ok(errors.list(&filter, options.limit).await?)).await?;
    if options.json {
        say(&json::listing(&listing))?;
    } else {
        say(&render(&listing, &common.queue))?;
    }
    let incomplete = incomplete(listing.ending);
    if let Some(why) = incomplete {
        complain(why);
    }
    Ok(Outcome::wanting_if(incomplete.is_some()))
}

fn render(listing: &Listing, queue: &str) -> String {
    let now = OffsetDateTime::now_utc();
    let mut table =
        Table::new([("ID", 36), ("TYPE", 40), ("SOURCE", 40), ("TRIES", 6), ("AGE", 6), ("ERROR", 100)]);
    for failed in &listing.messages {
        table.row(cells(failed, now));
    }
    let mut shown = if listing.messages.is_empty() { String::new() } else { table.render() };
    let listed = listing.messages.len() as u64;
    if listed < listing.count {
        shown.push_str(&format!("… and {} more (--limit)\n", listing.count - listed));
    }
    let of =
        if listing.looked_at == listing.count { String::new() } else { format!(" of {}", listing.looked_at) };
    shown.push_str(&format!("{}{of} in `{queue}`\n", plural(listing.count)));
    shown
}

fn cells(failed: &Failed, now: OffsetDateTime) -> [String; 6] {
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    [
        or_dash(&failed.id),
        or_dash(&failed.message_type),
        or_dash(&failed.source),
        failed.attempts.map_or("-".to_owned(), |attempts| attempts.to_string()),
        failed.failed_at.map_or("-".to_owned(), |at| age::show((now - at).whole_seconds())),
        if failed.error.is_empty() { "-".to_owned() } else { failed.error.clone() },
    ]
}
