use super::{
    AdminError, Ending, Failed, Filter, Listing,
    error_queue::ErrorQueue,
    visitor::{Moved, Verdict, Visitor},
    walk::walk,
};
use crate::envelope::{Names, Received};

/// Much is held at a time: the wider the window, the fewer channels.
const WINDOW: u16 = 4000;

pub(super) async fn list(queue: &ErrorQueue, filter: &Filter, most: usize) -> Result<Listing, AdminError> {
    let listing = Listing { messages: Vec::new(), count: 0, looked_at: 0, ending: Ending::Complete };
    let mut lister = Lister { filter, names: queue.copies.names(), most, listing };
    let ending = walk(queue, WINDOW, &mut lister).await?;
    Ok(Listing { ending, ..lister.listing })
}

struct Lister<'a> {
    filter: &'a Filter,
    names: &'a Names,
    most: usize,
    listing: Listing,
}

impl Visitor for Lister<'_> {
    fn begin(&mut self, _: u64) {}

    fn judge(&mut self, _: &Received) -> Verdict {
        Verdict::Hold
    }

    fn held(&mut self, received: &Received) {
        self.listing.looked_at += 1;
        let failed = Failed::read(received, self.names);
        if self.filter.means(&failed) {
            self.listing.count += 1;
            if self.listing.messages.len() < self.most {
                self.listing.messages.push(failed.short());
            }
        }
    }

    fn moved(&mut self, _: Failed, _: String, _: Moved) {}

    fn restart(&mut self) {
        self.listing.messages.clear();
        (self.listing.count, self.listing.looked_at) = (0, 0);
    }

    fn goes_on(&mut self) -> bool {
        true
    }
}
