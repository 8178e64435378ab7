use std::{
    fmt::Write,
    ops::ControlFlow,
    process::exit,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use leveret::{
    admin::{AdminErrorKind, ErrorQueue, Redrive, Redriven},
    transport::TransportErrorKind,
};

use super::{incomplete, plural, progress::Shown};
use crate::{
    args::{self, Common},
    connect::with_errors,
    exit::{Failure, Outcome},
    out::{complain, say},
};

/// How many messages of a kind are named; the rest is counted.
const NAMED: usize = 20;
/// What a shell tells of a program that Ctrl-C has ended.
const KILLED_BY_CTRL_C: i32 = 130;

pub(super) async fn run(common: &Common, options: &args::Redrive) -> Result<Outcome, Failure> {
    if options.to.as_ref() == Some(&common.queue) {
        return Err(Failure::Said(format!(
            "`{}` is where the messages are: name another queue",
            common.queue
        )));
    }
    with_errors(common, async |errors| {
        if let Some(to) = &options.to
            && !exists(&errors, to).await?
        {
            complain(&format!("the queue `{to}` does not exist: nothing is moved"));
            return Ok(Outcome::Wanting);
        }
        let redriven = redrive(&errors, options).await?;
        say(&render(&redriven, &common.queue, options.dry_run))?;
        let incomplete = incomplete(redriven.ending);
        if let Some(why) = incomplete {
            complain(why);
        }
        Ok(Outcome::wanting_if(redriven.left_count > 0 || incomplete.is_some()))
    })
    .await
}

/// Asked once, where otherwise each message would be returned.
async fn exists(errors: &ErrorQueue, queue: &str) -> Result<bool, Failure> {
    errors.depth().await?; // if that is missing, it is what there is to say
    match errors.clone().name(queue).depth().await {
        Ok(_) => Ok(true),
        Err(error) => match error.kind() {
            AdminErrorKind::Broker(TransportErrorKind::NotFound { .. }) => Ok(false),
            _ => Err(error.into()),
        },
    }
}

async fn redrive(errors: &ErrorQueue, options: &args::Redrive) -> Result<Redriven, Failure> {
    let mut redrive = Redrive::new().filter(options.filter.filter());
    if let Some(to) = &options.to {
        redrive = redrive.to(to);
    }
    if let Some(limit) = options.limit {
        redrive = redrive.limit(limit);
    }
    if options.dry_run {
        redrive = redrive.dry_run();
    }
    let stopped = Arc::new(AtomicBool::new(false));
    let signals = tokio::spawn(stop_at_ctrl_c(stopped.clone()));
    let mut shown = Shown::new();
    let redriven = errors
        .redrive(&redrive, |progress| {
            shown.show(progress);
            if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .await;
    shown.end();
    signals.abort();
    Ok(redriven?)
}

/// The first Ctrl-C ends it in order, the second at once. Nothing is lost either way.
async fn stop_at_ctrl_c(stopped: Arc<AtomicBool>) {
    if tokio::signal::ctrl_c().await.is_ok() {
        stopped.store(true, Ordering::Relaxed);
        if tokio::signal::ctrl_c().await.is_ok() {
            exit(KILLED_BY_CTRL_C);
        }
    }
}

fn render(redriven: &Redriven, queue: &str, dry_run: bool) -> String {
    let mut shown = String::new();
    let id = |id: &Option<String>| id.clone().unwrap_or_else(|| "a message without id".to_owned());
    for planned in redriven.planned.iter().take(NAMED) {
        let _ = writeln!(shown, "{} -> {}", id(&planned.failed.id), planned.to);
    }
    if dry_run && redriven.moved > NAMED as u64 {
        let _ = writeln!(shown, "… and {} more", redriven.moved - NAMED as u64);
    }
    for (to, count) in &redriven.destinations {
        let verb = if dry_run { "would go" } else { "redriven" };
        let _ = writeln!(shown, "{} {verb} to `{to}`", plural(*count));
    }
    for left in redriven.left.iter().take(NAMED) {
        let _ = writeln!(shown, "left: {}: {}", id(&left.failed.id), left.reason);
    }
    if redriven.left_count > NAMED as u64 {
        let _ = writeln!(shown, "left: … and {} more", redriven.left_count - NAMED as u64);
    }
    if redriven.ready == 0 {
        let _ = writeln!(shown, "`{queue}` is empty: nothing to redrive");
    } else if redriven.moved == 0 && redriven.left_count == 0 {
        let _ = writeln!(shown, "none of the {} in `{queue}` is meant", plural(redriven.ready));
    } else {
        let (what, of) =
            if dry_run { ("would be redriven", redriven.ready) } else { ("redriven", redriven.ready) };
        let _ = writeln!(shown, "{} of {of} {what}, {} left in place", redriven.moved, redriven.left_count);
    }
    crate::text::lines(&shown)
}
