use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

use leveret::admin::{ErrorQueue, Filter};

use super::{incomplete, plural};
use crate::{
    args::{Common, Purge},
    connect::with_errors,
    exit::{Failure, Outcome},
    out::{complain, say},
};

pub(super) async fn run(common: &Common, options: &Purge) -> Result<Outcome, Failure> {
    let filter = options.filter.filter();
    if !options.yes && !stdin().is_terminal() {
        return Err(Failure::Said("there is nobody to ask: say --yes to remove messages".to_owned()));
    }
    let mut most = u64::MAX;
    if !options.yes {
        // Nothing is held, and no connection kept, while somebody thinks.
        most = with_errors(common, async |errors| count(&errors, &filter).await).await?;
        if most == 0 {
            say(&format!("nothing of `{}` is meant", common.queue))?;
            return Ok(Outcome::Fine);
        }
        if !confirmed(&format!("Remove {} from `{}` for good?", plural(most), common.queue))? {
            say("nothing is removed")?;
            return Ok(Outcome::Wanting);
        }
    }
    let purged = with_errors(common, async |errors| Ok(errors.purge(&filter, most).await?)).await;
    let (removed, ending) = purged?;
    say(&format!("{} removed from `{}`", plural(removed), common.queue))?;
    let incomplete = incomplete(ending);
    if let Some(why) = incomplete {
        complain(why);
    }
    Ok(Outcome::wanting_if(incomplete.is_some()))
}

async fn count(errors: &ErrorQueue, filter: &Filter) -> Result<u64, Failure> {
    if filter.is_everything() {
        return Ok(errors.depth().await?.into());
    }
    Ok(errors.list(filter, 0).await?.count)
}

fn confirmed(question: &str) -> Result<bool, Failure> {
    let mut out = stderr().lock();
    write!(out, "{question} [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
