use std::time::Duration;

use futures_util::poll;

use super::*;
use crate::{
    envelope::{Envelope, Received},
    headers::Headers,
    transport::{Settle, Settlement},
};

/// Remembers what was returned.
#[derive(Debug, Clone, Default)]
struct Returned(Arc<Mutex<Vec<String>>>);

#[derive(Debug)]
struct Slip(Returned, String);

impl Settle for Slip {
    fn settle(self: Box<Self>, settlement: Settlement) {
        assert_eq!(settlement, Settlement::Return);
        self.0.0.lock().unwrap().push(self.1);
    }
}

impl Returned {
    fn message(&self, name: &str) -> Incoming {
        let envelope = Envelope::new(Default::default(), Headers::new(), "");
        let received = Received::new(envelope, "", name.to_owned(), "queue");
        Incoming::new(received, Box::new(Slip(self.clone(), name.to_owned())))
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn name(begun: Option<&(Incoming, Permit)>) -> Option<&str> {
    begun.map(|(incoming, _)| incoming.received.routing_key.as_str())
}

fn begin(line: &Line) -> Option<(Incoming, Permit)> {
    line.errand()?.fetch()
}

#[tokio::test]
async fn everyone_is_served_in_the_order_in_which_they_came() {
    let (line, returned) = (Line::new(1), Returned::default());
    line.push(returned.message("a"), Instant::now());
    let a = begin(&line).unwrap();
    line.push(returned.message("b"), Instant::now());
    assert!(begin(&line).is_none(), "there is one permit");
    let mut task = Box::pin(line.turn());
    assert!(poll!(&mut task).is_pending());
    line.push(returned.message("c"), Instant::now());
    let b = line.next(a.1);
    assert_eq!(name(b.as_ref()), Some("b"));
    assert!(line.next(b.unwrap().1).is_none(), "the task is before c");
    line.vacancy().await;
    assert!(begin(&line).is_none(), "the task has the permit");
    let permit = task.await.unwrap();
    assert_eq!(name(line.next(permit).as_ref()), Some("c"));
}

#[test]
fn the_first_errand_takes_what_came_first() {
    let (line, returned) = (Line::new(3), Returned::default());
    line.push(returned.message("a"), Instant::now());
    line.push(returned.message("b"), Instant::now());
    let (early, late) = (line.errand().unwrap(), line.errand().unwrap());
    assert!(line.errand().is_none(), "there is an errand for each message");
    let a = late.fetch();
    assert_eq!(name(a.as_ref()), Some("a"));
    let b = line.next(a.unwrap().1);
    assert_eq!(name(b.as_ref()), Some("b"));
    assert!(early.fetch().is_none(), "the other has taken both");
    line.push(returned.message("c"), Instant::now());
    drop(line.errand());
    assert_eq!(name(begin(&line).as_ref()), Some("c"), "one that comes to nothing leaves its permit");
}

#[tokio::test]
async fn who_gives_up_has_no_place() {
    let (line, returned) = (Line::new(1), Returned::default());
    let mut task = Box::pin(line.turn());
    assert!(poll!(&mut task).is_pending());
    drop(task);
    line.push(returned.message("a"), Instant::now());
    assert_eq!(name(begin(&line).as_ref()), Some("a"));
}

#[tokio::test(start_paused = true)]
async fn what_has_waited_too_long_goes_back() {
    let (line, returned) = (Line::new(0), Returned::default());
    let began = Instant::now();
    for message in ["a", "b", "c"] {
        line.push(returned.message(message), Instant::now());
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_eq!(line.oldest(), Some(began));
    line.return_until(began + Duration::from_secs(1));
    assert_eq!(returned.take(), ["a", "b"]);
    assert_eq!(line.oldest(), Some(began + Duration::from_secs(2)));
}

#[tokio::test]
async fn nothing_begins_in_a_closed_line() {
    let (line, returned) = (Line::new(2), Returned::default());
    line.push(returned.message("a"), Instant::now());
    let (a, permit) = begin(&line).unwrap();
    line.push(returned.message("b"), Instant::now());
    line.close();
    assert!(begin(&line).is_none() && line.next(permit).is_none());
    drop(a);
    line.clear();
    assert_eq!(returned.take(), ["a", "b"]);
    line.push(returned.message("c"), Instant::now());
    line.open();
    assert_eq!(name(begin(&line).as_ref()), Some("c"));
}
