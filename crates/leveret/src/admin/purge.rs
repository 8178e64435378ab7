use super::{
    AdminError, Ending, Failed, Filter,
    error_queue::ErrorQueue,
    visitor::{Moved, Verdict, Visitor},
    walk::walk,
};
use crate::envelope::{Names, Received};

const WINDOW: u16 = 4000;

pub(super) async fn purge(
    queue: &ErrorQueue,
    filter: &Filter,
    most: u64,
) -> Result<(u64, Ending), AdminError> {
    let mut purger = Purger { filter, names: queue.copies.names(), most, removed: 0 };
    let ending = walk(queue, WINDOW, &mut purger).await?;
    Ok((purger.removed, if purger.goes_on() { ending } else { Ending::Complete }))
}

struct Purger<'a> {
    filter: &'a Filter,
    names: &'a Names,
    most: u64,
    removed: u64,
}

impl Visitor for Purger<'_> {
    fn begin(&mut self, _: u64) {}

    fn judge(&mut self, received: &Received) -> Verdict {
        if self.filter.means(&Failed::read(received, self.names)) {
            self.removed += 1;
            return Verdict::Remove;
        }
        Verdict::Hold
    }

    fn held(&mut self, _: &Received) {}

    fn moved(&mut self, _: Failed, _: String, _: Moved) {}

    fn restart(&mut self) {}

    fn goes_on(&mut self) -> bool {
        self.removed < self.most
    }
}
