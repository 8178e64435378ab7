use super::{
    AdminError, Failed, Filter, Found,
    error_queue::ErrorQueue,
    visitor::{Moved, Verdict, Visitor},
    walk::walk,
};
use crate::envelope::{Names, Received};

/// Narrow: what is taken beyond the one that is looked for goes back, and counts as returned.
const WINDOW: u16 = 500;

pub(super) async fn find(queue: &ErrorQueue, filter: &Filter) -> Result<Option<Found>, AdminError> {
    let mut finder = Finder { filter, names: queue.copies.names(), found: None };
    walk(queue, WINDOW, &mut finder).await?;
    Ok(finder.found)
}

struct Finder<'a> {
    filter: &'a Filter,
    names: &'a Names,
    found: Option<Found>,
}

impl Visitor for Finder<'_> {
    fn begin(&mut self, _: u64) {}

    fn judge(&mut self, _: &Received) -> Verdict {
        Verdict::Hold
    }

    fn held(&mut self, received: &Received) {
        let failed = Failed::read(received, self.names);
        if self.found.is_none() && self.filter.means(&failed) {
            self.found = Some(Found { failed, received: received.clone() });
        }
    }

    fn moved(&mut self, _: Failed, _: String, _: Moved) {}

    fn restart(&mut self) {}

    fn goes_on(&mut self) -> bool {
        self.found.is_none()
    }
}
