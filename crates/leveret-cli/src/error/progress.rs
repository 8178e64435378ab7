use std::{
    io::{IsTerminal, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use leveret::admin::Progress;

use crate::out::complain;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(2);

/// Shows how far it has come: a bar on a terminal, else a line now and then.
pub(super) enum Shown {
    Bar(ProgressBar),
    Lines { next: Instant },
}

impl Shown {
    pub(super) fn new() -> Self {
        if !stderr().is_terminal() {
            return Self::Lines { next: Instant::now() + LINE_EVERY };
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        // A template that cannot be read leaves the bar with its own.
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta} {msg}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    pub(super) fn show(&mut self, progress: &Progress) {
        match self {
            Self::Bar(bar) => {
                bar.set_length(progress.ready);
                bar.set_position(progress.moved);
                if progress.left > 0 {
                    bar.set_message(format!("{} left", progress.left));
                }
            }
            Self::Lines { next } if *next <= Instant::now() => {
                *next = Instant::now() + LINE_EVERY;
                complain(&format!(
                    "{} of {} redriven, {} left",
                    progress.moved, progress.ready, progress.left
                ));
            }
            Self::Lines { .. } => {}
        }
    }

    pub(super) fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
