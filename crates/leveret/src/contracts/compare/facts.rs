use super::{change::Change, parties::Parties};
use crate::{
    contracts::{DescribedContract, Description},
    message::MessageKind,
};

/// What a contract says besides its form: kind, address, reply, whether it must be routed, owner and former names.
pub(super) fn facts(old: &DescribedContract, new: &DescribedContract, now: &Description) -> Vec<Change> {
    let mut changes = Vec::new();
    if old.name != new.name {
        changes.push(renamed(old, new, now));
    }
    if old.kind != new.kind {
        let noticed = vec![format!("services built before it treat it as {}", kind(old.kind))];
        changes.push(breaking(new, "kind", kind(old.kind), kind(new.kind), noticed));
        return changes; // its address means something else
    }
    if old.address != new.address {
        changes.push(breaking(new, place(new), &old.address, &new.address, moved(old, new, now)));
    }
    changes.extend(reply(old, new, now));
    if old.mandatory != new.mandatory {
        changes.push(mandatory(old, new));
    }
    if old.owner != new.owner {
        changes.push(owner(old, new));
    }
    changes.extend(aliases(old, new, now));
    changes
}

/// A contract that the snapshot has, and nothing has any more.
pub(super) fn removed(old: &DescribedContract, now: &Description) -> Change {
    let Parties { old_reader, .. } = Parties::of(old, now);
    let advice =
        format!("if it has another name now, let the new one say `#[message(also = \"{}\")]`", old.name);
    let noticed = match old.kind {
        MessageKind::Event => {
            format!("{old_reader} wait for it in vain; what is under way is not read any more")
        }
        MessageKind::Reply => format!("{old_reader} cannot read another one"),
        _ => format!(
            "`{}` built with it does not know what older senders send: it ends in the error queue",
            old.address
        ),
    };
    Change::breaking(&old.name, "contract", vec![noticed, advice]).between(Some(&described(old)), None)
}

/// A contract that the snapshot does not have.
pub(super) fn added(new: &DescribedContract) -> Change {
    Change::additive(&new.name, "contract", None).between(None, Some(&described(new)))
}

/// Who reads it under both names already is at home with the new one.
fn renamed(old: &DescribedContract, new: &DescribedContract, now: &Description) -> Change {
    let change = if old.also.contains(&new.name) {
        Change::additive(&new.name, "name", None)
    } else {
        let Parties { old_reader, order, .. } = Parties::of(new, now);
        let noticed = format!(
            "{old_reader} cannot know the new name: {order}, or let all first have `name = \"{}\", also = \"{}\"`",
            old.name, new.name
        );
        Change::breaking(&new.name, "name", vec![noticed])
    };
    change.between(Some(&old.name), Some(&new.name))
}

fn owner(old: &DescribedContract, new: &DescribedContract) -> Change {
    let change = match &new.owner {
        None => Change::additive(&new.name, "owner", None),
        Some(owner) => {
            let noticed = format!("publishers built with it, other than `{owner}`, get an error");
            Change::breaking(&new.name, "owner", vec![noticed])
        }
    };
    change.between(old.owner.as_deref(), new.owner.as_deref())
}

/// Who is left behind at the old address.
fn moved(old: &DescribedContract, new: &DescribedContract, now: &Description) -> Vec<String> {
    if new.kind == MessageKind::Event {
        let old_reader = Parties::of(old, now).old_reader;
        return vec![
            format!("{old_reader} get it no more, unless their pattern matches `{}` too", new.address),
            format!(
                "subscribers built with it miss what an older service still publishes on `{}`",
                old.address
            ),
        ];
    }
    let (before, after) = (&old.address, &new.address);
    vec![format!(
        "older senders still send it to `{before}`, newer ones to `{after}`: both must handle it for a while"
    )]
}

fn reply(old: &DescribedContract, new: &DescribedContract, now: &Description) -> Option<Change> {
    let (before, after) = (old.reply.as_deref(), new.reply.as_deref());
    let known_as = |name: &str| {
        now.contract(name).is_some_and(|reply| reply.also.iter().any(|also| Some(&**also) == before))
    };
    if before == after || after.is_some_and(known_as) {
        return None;
    }
    let endpoint = &new.address;
    let noticed = match (before, after) {
        (_, None) => {
            format!("who asks, built before it, waits for a reply that `{endpoint}` does not send any more")
        }
        (None, _) => {
            format!("who asks, built with it, waits for a reply that an older `{endpoint}` does not send")
        }
        _ => "who asks and who answers mean different replies until both are built with it".to_owned(),
    };
    Some(Change::breaking(&new.name, "reply", vec![noticed]).between(before, after))
}

fn mandatory(old: &DescribedContract, new: &DescribedContract) -> Change {
    let shown = |mandatory: bool| Some(if mandatory { "true" } else { "false" });
    let change = if new.mandatory {
        let noticed = "publishers built with it fail where nobody subscribes".to_owned();
        Change::breaking(&new.name, "mandatory", vec![noticed])
    } else {
        Change::additive(&new.name, "mandatory", None)
    };
    change.between(shown(old.mandatory), shown(new.mandatory))
}

/// Former names that came or went.
fn aliases(old: &DescribedContract, new: &DescribedContract, now: &Description) -> Vec<Change> {
    let Parties { new_reader, .. } = Parties::of(new, now);
    let gone = old.also.iter().filter(|name| !new.also.contains(name) && **name != new.name);
    let gone = gone.map(|name| {
        let noticed = format!("{new_reader} cannot read what is still sent as `{name}`");
        Change::breaking(&new.name, "also", vec![noticed]).between(Some(name), None)
    });
    // That of a renaming is told with it.
    let come = new.also.iter().filter(|name| !old.also.contains(name) && **name != old.name);
    let come = come.map(|name| Change::additive(&new.name, "also", None).between(None, Some(name)));
    gone.chain(come).collect()
}

fn breaking(contract: &DescribedContract, place: &str, old: &str, new: &str, noticed: Vec<String>) -> Change {
    Change::breaking(&contract.name, place, noticed).between(Some(old), Some(new))
}

fn described(contract: &DescribedContract) -> String {
    match contract.kind {
        MessageKind::Command => format!("a command to `{}`", contract.address),
        MessageKind::Event => format!("an event on `{}`", contract.address),
        other => kind(other).to_owned(),
    }
}

fn place(contract: &DescribedContract) -> &'static str {
    if contract.kind == MessageKind::Event { "topic" } else { "endpoint" }
}

fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Command => "a command",
        MessageKind::Event => "an event",
        MessageKind::Reply => "a reply",
        MessageKind::Any | MessageKind::Broken => "no contract",
    }
}
