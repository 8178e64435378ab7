//! How often the allocator is called for each message, in steady state on a real RabbitMQ.
//!
//! The whole process counts, whichever task it was: the bus, the client library and the runtime. The same traffic is
//! then written by hand on the client library alone, with the same body, properties and headers. What that takes is the
//! price of the client's own types, and the rest is ours.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that cannot be made fails")]

mod by_bus;
mod by_hand;
mod contract;
mod count;

use std::alloc::System;

use leveret_tests::broker::Broker;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use self::count::PerMessage;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What a message may cost beside what the client takes. They are only ever made smaller.
const MOST_TO_SEND: f64 = 6.25;
const MOST_TO_HANDLE: f64 = 11.5;

/// One test for all, since the allocator is of the whole process.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_costs_few_allocations() {
    let broker = Broker::start().await;
    let vhost = broker.vhost().await;
    let (sent, handled) = (by_bus::send(&vhost).await, by_bus::handle(&vhost).await);
    let vhost = broker.vhost().await;
    let by_hand = by_hand::connect(&broker, vhost.name()).await;
    let (published, consumed) = (by_hand.publish().await, by_hand.consume().await);
    for (verb, bus, client, most) in
        [("send", sent, published, MOST_TO_SEND), ("handle", handled, consumed, MOST_TO_HANDLE)]
    {
        let PerMessage { allocations, bytes } = bus;
        let ours = allocations - client.allocations;
        println!(
            "to {verb} a message: {allocations:.2} allocations ({bytes:.0} bytes), {:.2} ({:.0} bytes) of them by hand \
             on the client library alone, so {ours:.2} are ours",
            client.allocations, client.bytes
        );
        assert!(ours <= most, "to {verb} a message takes {ours:.2} allocations of ours, more than {most}");
    }
}
