//! What each piece on the way of a message takes, in time and in allocations: `cargo bench -p leveret`, with the name of
//! a piece behind it to run only that.
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot run fails")]

mod dispatch;
mod order;

use divan::{AllocProfiler, Bencher, black_box};
use leveret::{__bench, Endpoint, envelope::Envelope, topology::matches};

use self::order::{ShipOrder, Warehouse};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

/// A message as it leaves, with all nine headers.
fn envelope() -> Envelope {
    Envelope::clone(&__bench::encode(ShipOrder::sample())().unwrap().envelope)
}

#[divan::bench]
fn encode_and_stamp(bencher: Bencher) {
    bencher.bench_local(__bench::encode(ShipOrder::sample()));
}

#[divan::bench]
fn decode_and_route(bencher: Bencher) {
    let outgoing = __bench::encode(ShipOrder::sample())().unwrap();
    bencher.bench_local(__bench::decode::<ShipOrder>(outgoing, Warehouse::ROUTES));
}

/// A window of 256 messages.
#[divan::bench]
fn confirm_ledger(bencher: Bencher) {
    bencher.counter(divan::counter::ItemsCount::new(256_u32)).bench_local(__bench::confirms(256));
}

/// A window of 256 deliveries.
#[divan::bench]
fn ack_ledger(bencher: Bencher) {
    bencher.counter(divan::counter::ItemsCount::new(256_u32)).bench_local(__bench::acks(256));
}

#[divan::bench]
fn headers_to_the_client(bencher: Bencher) {
    bencher.bench_local(__bench::to_client([envelope(), envelope()]));
}

#[divan::bench]
fn headers_from_the_client(bencher: Bencher) {
    bencher.bench_local(__bench::from_client(envelope()));
}

#[divan::bench(args = ["orders.placed", "orders.*", "orders.#", "#.shipped", "*.*.#.eu"])]
fn topic_match(pattern: &str) -> bool {
    matches(black_box(pattern), black_box("orders.placed.north.eu"))
}
