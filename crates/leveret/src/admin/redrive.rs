use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use super::{
    AdminError, Ending, Failed, Filter,
    copies::Copies,
    error_queue::ErrorQueue,
    source::source,
    visitor::{Moved, Verdict, Visitor},
    walk::walk,
};
use crate::{envelope::Received, transport::PublishErrorKind};

/// What is not acknowledged yet may be in both queues when it is killed.
const WINDOW: u16 = 1000;
/// Of how many messages it is told what they are; more are only counted.
const TOLD: usize = 1000;

/// What to redrive, and where to.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Redrive {
    filter: Filter,
    to: Option<String>,
    limit: Option<u64>,
    dry_run: bool,
}

impl Redrive {
    /// All messages, each to the queue where it failed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only these messages.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// All to this queue.
    pub fn to(mut self, queue: impl Into<String>) -> Self {
        self.to = Some(queue.into());
        self
    }

    /// At most so many messages.
    pub fn limit(mut self, messages: u64) -> Self {
        self.limit = Some(messages);
        self
    }

    /// Moves nothing, and tells what would be moved where to.
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }
}

/// What a redrive has done.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Redriven {
    /// How many messages were there at the beginning.
    pub ready: u64,
    /// How many were moved; in a dry run, how many would be.
    pub moved: u64,
    /// How many of them where to.
    pub destinations: BTreeMap<String, u64>,
    /// In a dry run, the first 1,000 of them.
    pub planned: Vec<Planned>,
    /// How many were meant, and could not be moved.
    pub left_count: u64,
    /// The first 1,000 of those.
    pub left: Vec<LeftMessage>,
    /// Whether all were looked at. Complete too when the limit was reached.
    pub ending: Ending,
}

/// A message that would be moved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Planned {
    /// Which one.
    pub failed: Failed,
    /// Where to.
    pub to: String,
}

/// A message that was meant, and stays in the error queue.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LeftMessage {
    /// Which one.
    pub failed: Failed,
    /// Why.
    pub reason: LeftReason,
}

/// Why a message could not be redriven.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LeftReason {
    /// Nothing tells where it failed: say where to with [`Redrive::to`].
    NoSource,
    /// The broker did not take the copy.
    NotPublished {
        /// The queue it was to go to.
        to: String,
        /// Why not.
        kind: PublishErrorKind,
    },
}

impl std::fmt::Display for LeftReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSource => f.write_str("nothing in the message tells in which queue it failed"),
            Self::NotPublished { to, kind: PublishErrorKind::Unroutable { .. } } => {
                write!(f, "the queue `{to}` does not exist")
            }
            Self::NotPublished { to, kind } => write!(f, "the queue `{to}` did not get it: {kind}"),
        }
    }
}

/// How far a redrive has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many messages are moved.
    pub moved: u64,
    /// How many could not be.
    pub left: u64,
    /// How many there are to look at.
    pub ready: u64,
}

pub(super) async fn redrive(
    queue: &ErrorQueue,
    options: &Redrive,
    progress: impl FnMut(&Progress) -> ControlFlow<()> + Send,
) -> Result<Redriven, AdminError> {
    let mut redriver = Redriver {
        options,
        copies: &queue.copies,
        progress,
        redriven: Redriven::default(),
        started: 0,
        gone: BTreeSet::new(),
    };
    let ending = walk(queue, WINDOW, &mut redriver).await?;
    let ending = if redriver.has_reached_limit() { Ending::Complete } else { ending };
    Ok(Redriven { ending, ..redriver.redriven })
}

struct Redriver<'a, P> {
    options: &'a Redrive,
    copies: &'a Copies,
    progress: P,
    redriven: Redriven,
    /// How many are moved or on their way.
    started: u64,
    /// Queues that were found not to exist: nothing more is sent there.
    gone: BTreeSet<String>,
}

impl<P> Redriver<'_, P> {
    fn destination(&self, received: &Received) -> Option<String> {
        self.options.to.clone().or_else(|| source(received, self.copies.names()))
    }

    fn has_reached_limit(&self) -> bool {
        self.options.limit.is_some_and(|limit| self.started >= limit)
    }

    fn leave(&mut self, failed: Failed, reason: LeftReason) {
        self.redriven.left_count += 1;
        if self.redriven.left.len() < TOLD {
            self.redriven.left.push(LeftMessage { failed: failed.short(), reason });
        }
    }

    fn count(&mut self, to: String) {
        self.redriven.moved += 1;
        *self.redriven.destinations.entry(to).or_default() += 1;
    }
}

impl<P: FnMut(&Progress) -> ControlFlow<()> + Send> Visitor for Redriver<'_, P> {
    fn begin(&mut self, ready: u64) {
        self.redriven.ready = ready;
    }

    fn judge(&mut self, received: &Received) -> Verdict {
        let failed = Failed::read(received, self.copies.names());
        let to = self.destination(received).filter(|to| !self.gone.contains(to));
        match to {
            Some(to) if !self.options.dry_run && self.options.filter.means(&failed) => {
                self.started += 1;
                let copy = Box::new(self.copies.redriven(received));
                Verdict::Move { copy, to, failed: Box::new(failed.short()) }
            }
            _ => Verdict::Hold,
        }
    }

    fn held(&mut self, received: &Received) {
        let failed = Failed::read(received, self.copies.names());
        if !self.options.filter.means(&failed) {
            return;
        }
        match self.destination(received) {
            None => self.leave(failed, LeftReason::NoSource),
            Some(to) if self.gone.contains(&to) => {
                let kind = PublishErrorKind::Unroutable { exchange: String::new(), routing_key: to.clone() };
                self.leave(failed, LeftReason::NotPublished { to, kind });
            }
            Some(to) => {
                if self.redriven.planned.len() < TOLD {
                    self.redriven.planned.push(Planned { failed: failed.short(), to: to.clone() });
                }
                self.started += 1;
                self.count(to);
            }
        }
    }

    fn moved(&mut self, failed: Failed, to: String, outcome: Moved) {
        match outcome {
            Moved::Confirmed => return self.count(to),
            Moved::ComesAgain => {}
            Moved::Left(kind) => {
                if matches!(kind, PublishErrorKind::Unroutable { .. }) {
                    self.gone.insert(to.clone());
                }
                self.leave(failed, LeftReason::NotPublished { to, kind });
            }
        }
        self.started -= 1;
    }

    fn restart(&mut self) {
        self.redriven.left.clear();
        self.redriven.left_count = 0;
        if self.options.dry_run {
            self.redriven.planned.clear();
            self.redriven.destinations.clear();
            (self.redriven.moved, self.started) = (0, 0);
        }
    }

    fn goes_on(&mut self) -> bool {
        let Redriven { moved, left_count: left, ready, .. } = self.redriven;
        (self.progress)(&Progress { moved, left, ready }).is_continue() && !self.has_reached_limit()
    }
}
